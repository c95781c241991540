"""Both stages together: what is said of cohorts depends on what was heard, and on nothing else."""

import json
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.cohort_alerts import CohortAlert
from schemas.insights import AgentFeedback, UpstreamInsight
from schemas.metrics import MetricRecord
from streams.cohorts import portion
from streams.cohorts.collector import TOPIC
from streams.cohorts.detectors.inconsistent_experience_group import InconsistentExperienceGroup
from streams.cohorts.rules import CohortRules
from streams.engine.record import Record
from tests.cohorts.crowd import DAY_MS, HOUR_MS, MONDAY_MS, Company

CHANNELS, REASONS = ("phone", "chat", "email"), ("billing/bill", "product/outage", "delivery")
ASKED = {
    "inconsistent_experience_group": InconsistentExperienceGroup(deviation=0.1, answers_min=2),
}


def fortnight(company: Company, seed: int, contacts: int = 24) -> list[dict[str, Any]]:
    """Contacts of nine days with answers, ends, repeats and surveys; some come hours late."""
    rng, told = Random(seed), []
    for number in range(contacts):
        at_ms = MONDAY_MS + rng.randrange(9 * DAY_MS)
        customer, contact = f"c-{rng.randrange(12)}", f"k-{number}"
        here = {"channel": rng.choice(CHANNELS), "contact_id": contact, "region": "north"}
        reason = rng.choice(REASONS)
        story = [
            ("contact.started", 0, {"direction": "inbound", "reason": reason}),
            ("contact.answered", 5, {"wait_s": rng.randrange(1, 3_000)}),
            ("contact.ended", 20, {"talk_s": 300, "agent_says_resolved": rng.random() < 0.7}),
            ("survey.responded", 60, {"kind": "csat", "score": rng.randrange(1, 6), "scale_min": 1,
                                      "scale_max": 5, "higher_is_better": True}),
        ]  # fmt: skip
        for type_, minutes, fields in story:
            said = company.told(type_, customer, at_ms + minutes * 60_000, **here, **fields)
            told.append((at_ms + minutes * 60_000 + rng.choice((0, 0, 0, 5 * HOUR_MS)), said))
    return [said for _, said in sorted(told, key=lambda one: one[0])]


def outcome(company: Company) -> list[tuple[str, bytes, bytes]]:
    """Everything said, in order."""
    return [(send.topic, send.key, send.value) for send in company.sends]


def run(seed: int, **settings: Any) -> list[tuple[str, bytes, bytes]]:
    """The fortnight as heard in one go."""
    company = Company(ASKED, **settings)
    company.hear(fortnight(company, seed)).until(MONDAY_MS + 10 * DAY_MS)
    return outcome(company)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 99), cut=st.sampled_from((1, 7, 50)), crash=st.integers(0, 3))
def test_it_does_not_matter_how_records_are_cut_or_who_crashes(seed, cut, crash):
    """Metrics, revisions and alerts are the same bytes in the same order, whatever the batches, when
    the second stage reads, and wherever everybody dies in between."""
    company = Company(ASKED)
    touchpoints = fortnight(company, seed)
    third = len(touchpoints) // 3
    for part in range(3):
        begin, end = part * third, (part + 1) * third if part < 2 else len(touchpoints)
        company.hear(touchpoints[begin:end], batch=cut)
        company.second_stage(batch=max(1, cut // 2))
        if crash == part:
            company.crash()
    company.until(MONDAY_MS + 10 * DAY_MS)

    assert outcome(company) == run(seed)


def test_how_many_partitions_the_second_stage_has_changes_nothing():
    """What is said of a cohort is the same; only the order of cohorts may differ."""
    assert Counter(run(3)) == Counter(run(3, places=3))


def test_what_arrives_twice_counts_once():
    """Every portion sent again, at once or much later, changes nothing."""
    company = Company(ASKED)
    company.hear(fortnight(company, 5), batch=20)
    for log in company.portions:
        again = [record for record in log for _ in (1, 2)] + list(log)
        log[:] = [record._replace(offset=offset) for offset, record in enumerate(again)]
    company.until(MONDAY_MS + 10 * DAY_MS)

    assert outcome(company) == run(5)
    assert sum(o.counts.get("portions_known", 0) for o in company.outcomes) > 0


def test_everything_said_keeps_the_contract():
    """Each record is what the contract promises: metrics, alerts about cohorts, what was learned."""
    models = {
        "metrics.v1": (MetricRecord, "cohort_id"),
        "alerts.systemic.v1": (CohortAlert, "cohort_id"),
        "insights.v1": (UpstreamInsight, "owner_team"),
        "agents.v1": (AgentFeedback, "agent_id"),
    }
    kinds = Counter()
    for topic, key, value in run(1):
        model, keyed_by = models[topic]
        told = model.model_validate(json.loads(value), extra="forbid")
        assert getattr(told, keyed_by).encode() == key
        kinds[topic] += 1
    assert {*kinds, "agents.v1"} == set(models)


def three_calls(company: Company) -> list[dict[str, Any]]:
    """Three calls on Monday at nine, ten and eleven, each answered after a minute."""
    told = []
    for hour in (9, 10, 11):
        at_ms, here = MONDAY_MS + hour * HOUR_MS, {"channel": "phone", "contact_id": f"k-{hour}"}
        told.append(company.told("contact.started", f"c-{hour}", at_ms, **here))
        told.append(
            company.told("contact.answered", f"c-{hour}", at_ms + 60_000, wait_s=60, **here)
        )
    return told


def test_windows_close_when_every_partition_has_passed_them_also_when_all_is_quiet():
    """Nothing is said of a day while one partition may still hear of it; silence ends it too."""
    company = Company({})
    company.hear(three_calls(company)).second_stage()
    assert company.metrics("channel=phone") == {}

    company.until(MONDAY_MS + 25 * HOUR_MS)
    day = company.metrics("channel=phone")["2026-01-05T00:00:00.000Z"]
    assert (day["values"]["contacts"], day["values"]["response_mean_s"], day["revision"]) == (
        3, 60, 1,
    )  # fmt: skip
    hours = company.metrics("channel=phone", hours=1)
    assert [record["values"]["contacts"] for record in hours.values()] == [1, 1, 1]


def test_a_closed_window_is_amended_with_a_revision_never_silently():
    """A call told a day late counts in its own day, whose record is said again; so are the hour
    and the weeks that hold it."""
    company = Company({})
    company.hear(three_calls(company)).until(MONDAY_MS + 26 * HOUR_MS)
    late = {"channel": "phone", "contact_id": "k-late"}
    company.hear([company.told("contact.started", "c-9", MONDAY_MS + 10 * HOUR_MS, **late)])
    company.until(MONDAY_MS + 28 * HOUR_MS)

    day = company.metrics("channel=phone")["2026-01-05T00:00:00.000Z"]
    assert (day["values"]["contacts"], day["revision"]) == (4, 2)
    hour = company.metrics("channel=phone", hours=1)["2026-01-05T10:00:00.000Z"]
    assert (hour["values"]["contacts"], hour["revision"]) == (2, 2)
    week = company.metrics("channel=phone", hours=7 * 24)["2025-12-30T00:00:00.000Z"]
    assert (week["values"]["contacts"], week["revision"]) == (4, 2)


def test_what_became_of_a_contact_is_told_in_the_day_of_the_contact():
    """Two calls claimed resolved, one caller is back on the third day: the day's record of what
    became of it says so after seven days, and not before.

    Requirement: S0-12 S2-20
    """
    company = Company({})
    for customer in ("c-1", "c-2"):
        here = {"channel": "phone", "contact_id": f"k-{customer}", "reason": "billing/bill"}
        at_ms = MONDAY_MS + 9 * HOUR_MS
        company.hear([
            company.told("contact.started", customer, at_ms, **here),
            company.told("contact.ended", customer, at_ms + 60_000, agent_says_resolved=True,
                         **here),
        ])  # fmt: skip
    again = {"channel": "phone", "contact_id": "k-again", "reason": "billing/bill"}
    company.hear([company.told("contact.started", "c-1", MONDAY_MS + 3 * DAY_MS, **again)])
    company.until(MONDAY_MS + 9 * DAY_MS)

    told = [
        (record["revision"], record["values"]["fcr_claimed"], record["values"]["fcr_7d"])
        for record in company.said("metrics.v1")
        if record["cohort_id"] == "reason=billing/bill"
        and record["phase"] == "after"
        and record["window_start"].startswith("2026-01-05")
    ]
    assert told == [(1, 1, 1), (2, 1, 0.5)]


def test_more_cohorts_than_there_may_be_count_as_other():
    """The third reason where two are allowed is not lost and takes no room of its own."""
    company = Company({}, rules=CohortRules(values_max=2), partitions=1)
    for number in range(4):
        here = {"channel": "phone", "contact_id": f"k-{number}", "reason": f"r{number}"}
        company.hear([company.told("contact.started", "c-1", MONDAY_MS + number, **here)])
    company.until(MONDAY_MS + 25 * HOUR_MS)

    counts = {
        cohort: next(iter(company.metrics(cohort).values()))["values"]["contacts"]
        for cohort in ("reason=r0", "reason=r1", "reason=other")
    }
    assert counts == {"reason=r0": 1, "reason=r1": 1, "reason=other": 2}


def test_a_customer_who_asks_to_be_forgotten_is_in_no_cohort():
    """Erasure reaches what waits, what is kept, and what lies in the outbox next."""
    company = Company({}, partitions=1)
    company.hear(three_calls(company)).until(MONDAY_MS + 11 * HOUR_MS)
    noon_ms = MONDAY_MS + 12 * HOUR_MS
    company.hear(
        [
            company.told("customer.erasure_requested", "c-10", noon_ms, scope="all"),
            company.told("contact.started", "c-1", noon_ms, contact_id="k"),
        ]
    )
    company.until(MONDAY_MS + 30 * HOUR_MS)

    assert not any(b"c-10" in value for value in company.cohort_stores[0].values())
    assert b"c-10" not in company.metas[0]
    assert any(b"c-9" in value for value in company.cohort_stores[0].values())


@pytest.mark.parametrize("value", [b"", b"\xc0", None, b"\x96\x03\x00\x01\x00\x90\x90"])
def test_what_is_no_portion_is_counted_and_stops_nobody(value):
    """The portions topic is ours, but bytes on a disk are bytes on a disk."""
    company = Company({})
    company.portions[0].append(Record(0, 0, None, value))
    company.second_stage()
    assert company.outcomes[0].counts == {"portion_unreadable": 1}


def test_portions_come_from_the_topic_they_are_sent_to():
    """A portion names its source and says how far time has come there."""
    company = Company({}, partitions=1)
    company.hear(three_calls(company)).until(MONDAY_MS + 12 * HOUR_MS)
    told = [portion.decode(record.value) for record in company.portions[0]]
    assert TOPIC == "metrics-deltas.v1"
    assert [p.number for p in told] == list(range(1, len(told) + 1))
    assert told[-1].told_ms == MONDAY_MS + 12 * HOUR_MS
