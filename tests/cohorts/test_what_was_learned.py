"""What service learned goes to the teams that own the causes (UP2) and to the agents (UP3)."""

import pytest
from msgspec import structs

from schemas.insights import AgentFeedback, UpstreamInsight
from streams.cohorts import portion
from streams.cohorts.cell import Cell
from streams.cohorts.collector import Crowd
from streams.cohorts.insights import SAID_MAX, insight, said_code, trim
from streams.cohorts.rules import CohortRules
from streams.engine.alert import Alert
from streams.engine.outcome import Outcome
from tests.cohorts.crowd import DAY_MS, HOUR_MS, MONDAY_MS, Company

SCALE_5 = {"kind": "csat", "scale_min": 1, "scale_max": 5, "higher_is_better": True}
OWNERS = {"billing": "billing", "product_quality": "product"}
NINE_MS = MONDAY_MS + 9 * HOUR_MS


def call(company, customer, at_ms, reason="billing/bill", agent="ann", score=None, **fields):
    """A call of five minutes, taken by an agent; perhaps scored, in the customer's own words."""
    contact = f"k-{customer}-{at_ms}"
    here = {"channel": "phone", "contact_id": contact}
    by = {"actor": {"kind": "agent", "id": agent}}
    told = [
        company.told("contact.started", customer, at_ms, direction="inbound", reason=reason,
                     **here, **fields),
        company.told("contact.answered", customer, at_ms + 60_000, wait_s=60, **by, **here),
        company.told("contact.ended", customer, at_ms + 360_000, talk_s=300, **by, **here),
    ]  # fmt: skip
    if score is not None:
        told.append(
            company.told("survey.responded", customer, at_ms + HOUR_MS, score=score,
                         verbatim_ref=f"vault://{customer}", **SCALE_5, **here)
        )  # fmt: skip
    company.hear(told)


@pytest.fixture(scope="module")
def company():
    """On Monday three call about their bill and one about an outage; one comes back on Thursday."""
    told = Company({}, owners=OWNERS)
    call(told, "c-1", NINE_MS, score=1)
    call(told, "c-2", NINE_MS + HOUR_MS, score=5, caused_by="e-99")
    call(told, "c-3", NINE_MS + 2 * HOUR_MS, agent="bob", score=2)
    call(told, "c-4", NINE_MS + 3 * HOUR_MS, reason="product/outage", agent="bob")
    call(told, "c-1", NINE_MS + 3 * DAY_MS)
    return told.until(MONDAY_MS + 9 * DAY_MS)


def learned(company, topic, name, day="2026-01-05"):
    """Monday's records by their key."""
    return {
        told[name]: told for told in company.said(topic) if told["window_start"].startswith(day)
    }


def test_a_team_is_told_what_its_causes_cost(company):
    """Billing: three contacts, one of which need not have been, and the effort of all of them.

    Requirements: S1-31 S4-33 S1-19
    """
    billing = UpstreamInsight.model_validate(
        learned(company, "insights.v1", "owner_team")["billing"]
    )

    assert (billing.contacts, billing.avoidable_contacts, billing.customers) == (3, 1, 3)
    assert billing.avoidable_share == pytest.approx(1 / 3, abs=1e-4)
    assert [cause.reason for cause in billing.causes] == ["billing/bill"]
    assert billing.causes[0].effort_points == billing.effort_points == 6
    assert billing.causes[0].cause_class == "billing"


def test_every_team_is_told_of_its_own(company):
    """The outage is the product's."""
    teams = learned(company, "insights.v1", "owner_team")

    assert set(teams) == {"billing", "product"}
    assert [cause["reason"] for cause in teams["product"]["causes"]] == ["product/outage"]


def test_a_team_can_read_the_worst_in_the_customers_own_words(company):
    """Worst first; who was content has nothing to mend.

    Requirements: S2-15
    """
    billing = learned(company, "insights.v1", "owner_team")["billing"]

    assert billing["verbatim_refs"] == ["vault://c-1", "vault://c-3"]
    everybody = company.metrics("all", family="experience")["2026-01-05T00:00:00.000Z"]
    assert not [name for name in everybody["values"] if "vault" in name]


def test_an_agent_is_told_a_week_later_what_became_of_the_contacts(company):
    """Ann's two: one came back. Beside it stands how long they took, and what customers wrote.

    Requirements: S4-30 S4-31
    """
    agents = learned(company, "agents.v1", "agent_id")
    ann = AgentFeedback.model_validate(agents["ann"])

    assert (ann.contacts, ann.recurred, ann.no_recurrence_share) == (2, 1, 0.5)
    assert (ann.handle_mean_s, ann.csat_mean, ann.csat_answers) == (300, 3, 2)
    by_customer = {one.contact_id.split("-")[2]: one for one in ann.outcomes}
    assert (by_customer["1"].recurred, by_customer["2"].recurred) == (True, False)
    assert by_customer["1"].verbatim_ref == "vault://c-1"
    assert agents["bob"]["recurred"] == 0


def test_it_is_told_once_and_forgotten(company):
    """Not before the week is over, and what was told is kept no more."""
    told = company.said("agents.v1")

    assert {one["watermark"] for one in told} == {"2026-01-13T00:00:00.000Z"}
    marks = [mark for head in company.cohorts[0].heads.values() for mark in head.marks.values()]
    assert {mark.at_ms // DAY_MS for mark in marks} == {(NINE_MS + 3 * DAY_MS) // DAY_MS}


def test_what_comes_late_is_said_again_with_a_revision():
    """A call of Monday that is heard on Tuesday amends Monday's roll-up."""
    company = Company({})
    call(company, "c-1", NINE_MS)
    company.until(MONDAY_MS + DAY_MS + 2 * HOUR_MS)
    call(company, "c-2", NINE_MS)
    company.until(MONDAY_MS + 2 * DAY_MS)
    said = [
        (one["revision"], one["contacts"])
        for one in company.said("insights.v1")
        if one["window_start"].startswith("2026-01-05")
    ]

    assert said == [(1, 1), (2, 2)]


def test_which_words_are_kept_does_not_depend_on_their_order():
    """The worst of an hour, whoever told them first."""
    codes = [said_code(1000 + n, f"r{n}") for n in range(SAID_MAX + 5)]
    one, other = Cell(), Cell()
    for cell, order in ((one, codes), (other, reversed(codes))):
        for code in order:
            cell.add(code)
        trim(cell)

    assert one.counts == other.counts and sorted(one.counts) == codes[:SAID_MAX]


def test_what_is_at_risk_is_told_to_the_team_that_owns_it():
    """Of a serious alert, once when it opens, by currency."""
    alert = Alert(
        "a-1", "d", "friction", "payment_trouble", "trigger", 1, "open", 4, 4, 80, "c-1", None,
        "active", "", "r", "t", 1, 1, 0, {}, [], "billing", "billing", "act", 5_000, "EUR", "p",
        False, NINE_MS, NINE_MS,
    )  # fmt: skip
    crowd = Crowd(1).collector(0, b"")
    crowd.say([alert, structs.replace(alert, action="update")], NINE_MS)
    crowd.close(Outcome(1), NINE_MS)
    (told,) = portion.decode(crowd.kept.outbox[0][1]).pages
    day = insight(
        "owner=billing", 20_000, told.things["owner=billing"], 1, NINE_MS, CohortRules(), "p"
    )

    assert day is not None
    said = UpstreamInsight.model_validate_json(day.value or b"")
    assert (said.alerts, said.revenue_at_risk_minor) == (1, {"EUR": 5_000})
