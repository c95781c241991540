"""A spike and its members: one incident, and who belongs to it pages nobody else (S1-01, S4-24)."""

import json

import pytest

from streams.cohorts.collector import TOPIC, Crowd
from streams.cohorts.incidents import INCIDENTS_MAX, LASTS_MS, lasting, told
from streams.cohorts.line import CohortLine
from streams.engine.partitioning import partition_of
from streams.engine.record import Record
from streams.line import Line
from streams.policy import load
from streams.replay.house import ReplayHouse
from streams.wire import internal
from tests.cohorts.crowd import DAY_MS, HOUR_MS, MONDAY_MS

POLICY = load()
WEEK_MS = 7 * DAY_MS
NINE_MS = MONDAY_MS + 5 * WEEK_MS + 9 * HOUR_MS
PARTITIONS = 2


class Outage:
    """Two partitions and the second stage, which they hear of as a worker's would: in their logs."""

    def __init__(self):
        crowd = Crowd(1)
        self.line = Line(POLICY.rules, POLICY.questions, PARTITIONS, crowd=crowd)
        self.second = CohortLine(POLICY.rules, POLICY.cohorts, POLICY.cohort_questions, PARTITIONS)
        self.desks = [self.line.open(p, None, {}) for p in range(PARTITIONS)]
        self.crowd_desk = self.second.open(0, None, {})
        self.logs, self.portions, self.read = [[], []], [], 0
        self.n, self.alerts, self.systemic = 0, [], []

    def tell(self, type_, customer, at_ms, **fields):
        """A touchpoint now."""
        self.n += 1
        told_ = {
            "event_id": f"e-{self.n}", "source": "urn:test", "type": type_,
            "customer_id": customer, "occurred_at": at_ms, **fields,
        }  # fmt: skip
        at = partition_of(customer.encode(), PARTITIONS)
        self._append(at, at_ms, customer.encode(), json.dumps(told_).encode(), ())

    def call(self, customer, at_ms, l1="product", l2="outage", **fields):
        """A call about something."""
        self.tell(
            "contact.started", customer, at_ms, channel="phone", direction="inbound",
            contact_id=f"k-{self.n}", reason={"l1": l1, "l2": l2}, **fields,
        )  # fmt: skip

    def _append(self, at, at_ms, key, value, headers):
        record = Record(len(self.logs[at]), at_ms, key, value, headers)
        self.logs[at].append(record)
        outcome = self.line.run(self.desks[at], [record], record.offset + 1)
        self._done(at, outcome)

    def _done(self, at, outcome):
        for send in outcome.sends:
            if send.topic == TOPIC:
                self.portions.append(Record(len(self.portions), 0, send.key, send.value))
            elif send.topic.startswith("alerts."):
                self.alerts.append(json.loads(send.value))
        self.line.settle(self.desks[at], outcome)

    def until(self, at_ms):
        """Nothing is heard until then; the second stage speaks, and partitions read what it says."""
        for at, desk in enumerate(self.desks):
            while (outcome := self.line.wake(desk, at_ms + 600_000)) is not None:
                self._done(at, outcome)
        outcome = self.second.run(self.crowd_desk, self.portions[self.read :], len(self.portions))
        self.read = len(self.portions)
        self.second.settle(self.crowd_desk, outcome)
        for send in outcome.sends:
            if send.topic == "alerts.systemic.v1":
                self.systemic.append(json.loads(send.value))
            elif send.topic == internal.TOPIC:
                self._append(send.partition, send.timestamp_ms, send.key, send.value, send.headers)
        return self


@pytest.fixture(scope="module")
def outage():
    """Five ordinary Mondays; on the sixth, at nine, thirty customers call about an outage."""
    told_ = Outage()
    for week in range(5):
        for caller in range(3):
            told_.call(f"c-{week}-{caller}", MONDAY_MS + week * WEEK_MS + 9 * HOUR_MS + caller)
        told_.until(MONDAY_MS + week * WEEK_MS + 11 * HOUR_MS)
    for caller in range(30):
        told_.call(f"m-{caller}", NINE_MS + caller * 60_000)
    told_.until(NINE_MS + 72 * 60_000)
    return told_


def repeats(told_, customer, **fields):
    """What is said of a customer who calls again and again after the incident was found."""
    before = len(told_.alerts)
    for n in range(4):
        told_.call(customer, round(NINE_MS + (1.5 + n / 10) * HOUR_MS), **fields)
    return [a for a in told_.alerts[before:] if a["customer_id"] == customer]


def test_a_spike_is_one_incident(outage):
    """One alert to the owner of the cause, with members to tell before they call."""
    found = [a for a in outage.systemic if a["cohort_id"] == "reason=product/outage"]

    assert [(a["kind"], a["action"]) for a in found] == [("upstream_cause_spike", "trigger")]
    assert found[0]["owner_team"] == "product" and len(found[0]["customers"]) == 20


def test_an_alert_of_a_member_is_suppressed_and_names_the_incident(outage):
    """It stays in the record with the reason, the state and the incident's own alert id."""
    incident = next(a for a in outage.systemic if a["cohort_id"] == "reason=product/outage")
    said = [a for a in repeats(outage, "m-1") if a["kind"] == "repeat_contact"]

    assert said and {a["action"] for a in said if a["severity"] < 5} == {"suppress"}
    assert {a["suppressed_reason"] for a in said if a["severity"] < 5} == {"inhibited_by"}
    assert {a["incident_id"] for a in said if a["severity"] < 5} == {incident["alert_id"]}


def test_a_record_about_an_incident_is_about_no_customer(outage):
    """Its key is the name of a cohort, and no journey begins under it."""
    assert not [key for desk in outage.desks for key in desk.journeys if b"=" in key]


def test_it_holds_in_every_partition(outage):
    """Members lie in both; a customer who calls for the first time now is one too."""
    customers = ["n-1", "n-2", "n-3", "n-4"]
    assert {partition_of(c.encode(), PARTITIONS) for c in customers} == {0, 1}
    for customer in customers:
        said = [a for a in repeats(outage, customer) if a["kind"] == "repeat_contact"]
        assert said and said[0]["suppressed_reason"] == "inhibited_by"


def test_another_cause_pages_as_ever(outage):
    """Somebody who comes back about a bill is no member."""
    said = repeats(outage, "b-1", l1="billing", l2="wrong_charge")

    assert {a["action"] for a in said} <= {"trigger", "update", "resolve"} and said
    assert {a["incident_id"] for a in said} == {None}


def test_the_gravest_pages_whatever_explains_it(outage):
    """Severity 5 is told in the midst of any incident."""
    said = [a for a in repeats(outage, "m-2") + repeats(outage, "m-2") if a["severity"] == 5]

    assert said and {a["action"] for a in said} <= {"trigger", "update"}


def test_a_replay_of_the_topic_says_the_same(outage):
    """What the second stage told the partitions lies in their logs."""
    house = ReplayHouse(POLICY, PARTITIONS, steps={})
    records = [(at, record) for at, log in enumerate(outage.logs) for record in log]
    said = [json.loads(send.value) for send in house.run(records) if send.topic[:7] == "alerts."]

    def order(alerts):
        return sorted(json.dumps(one, sort_keys=True) for one in alerts if not _by_timer(one))

    assert order(said) == order(outage.alerts)


def _by_timer(alert):
    """Time passed in the story where the replay has no step."""
    return alert["action"] == "resolve"


def test_when_the_incident_is_over_alerts_page_again(outage):
    """An ordinary hour ends it; what is found anew is told."""
    outage.until(NINE_MS + 30 * HOUR_MS)
    assert [desk.incidents for desk in outage.desks] == [{}, {}]
    before = len(outage.alerts)
    for n in range(3):
        outage.call("z-1", round(NINE_MS + (31 + n) * HOUR_MS))
    said = [a for a in outage.alerts[before:] if a["customer_id"] == "z-1"]

    assert {a["action"] for a in said} <= {"trigger", "update"} and said


def incident(n, over=False):
    """A record about an incident."""
    return internal.Incident(
        customer_id=f"reason=r{n}", event_id="e", occurred_at=n, alert_id=f"a-{n}", over=over
    )


def test_a_partition_remembers_so_many_incidents_and_not_for_ever():
    """The oldest goes first; one whose end nobody told is over after a week."""
    known = {}
    for n in range(INCIDENTS_MAX + 5):
        known = told(known, incident(n))

    assert len(known) == INCIDENTS_MAX and "reason=r0" not in known
    assert lasting(known, LASTS_MS + INCIDENTS_MAX + 3) == {"reason=r36": ("a-36", 36)}
    assert "reason=r36" not in told(known, incident(36, over=True))
