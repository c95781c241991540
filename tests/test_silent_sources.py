"""No false absences while a producer is down: timers wait for it, and are judged when it is back.

The helpdesk tells of answers and sends a heartbeat every few minutes; the shop tells of everything
else. In the midst of running deadlines the helpdesk's producer is down for hours.
"""

import json

import pytest

from schemas.instants import instant_ms
from streams.engine.record import Record
from streams.replay.house import ReplayHouse
from streams.wire import progress
from tests.story import START_MS, House, policy_of

HOUR_MS = 3_600_000
MONDAY_MS = START_MS + 4 * 24 * HOUR_MS
POLICY = policy_of(detectors={"unanswered_inquiry": {"calendar": "24x7"}})
PARTITIONS = 1


class Shop:
    """Two producers, one partition, and a clock in hours since Monday."""

    def __init__(self, policy=POLICY):
        self.house, self.n, self.log = House(policy), 0, []

    def at(self, hours, type_, customer="c-1", source="urn:shop", **fields):
        """One touchpoint that happened then and is heard now."""
        self.n += 1
        touchpoint = {
            "event_id": f"e-{self.n}",
            "source": source,
            "type": type_,
            "customer_id": customer,
            "occurred_at": round(MONDAY_MS + hours * HOUR_MS),
            **fields,
        }
        self.log.append(touchpoint)
        self.house.hear(touchpoint)
        return self

    def asks(self, hours, customer="c-1"):
        """An e-mail that wants an answer within a day."""
        return self.at(
            hours, "case.opened", customer, case_id=f"s-{customer}", channel="email",
            direction="inbound", reason={"l1": "billing"},
        )  # fmt: skip

    def answers(self, hours, customer="c-1"):
        """The helpdesk's human answer with a date."""
        return self.at(
            hours, "case.response_sent", customer, "urn:helpdesk", case_id=f"s-{customer}",
            kind="human", substantive=True, next_step=True, eta=MONDAY_MS + 90 * 24 * HOUR_MS,
        )  # fmt: skip

    def beats(self, hours, source="urn:helpdesk"):
        """A heartbeat."""
        return self.at(hours, "source.heartbeat", "heartbeat", source)

    def browses(self, hours):
        """Somebody else lives on, and so does time."""
        return self.at(hours, "marketing.engaged", "c-9", campaign="spring", action="click")

    def idle_until(self, hours):
        """Nothing comes, and the clock moves on."""
        self.house.wait_until(round(MONDAY_MS + hours * HOUR_MS))
        return self

    def crash(self):
        """The worker dies and another restores."""
        self.house.crash()
        return self

    def said(self, kind="unanswered_inquiry"):
        """Action, and hours since Monday."""
        return [
            (a["action"], (instant_ms(a["occurred_at"]) - MONDAY_MS) / HOUR_MS)
            for a in self.house.alerts
            if a["kind"] == kind
        ]


def outage(shop=None, until=31):
    """Asked at hour 0, due at hour 24; the helpdesk is heard last at hour 20."""
    shop = (shop or Shop()).beats(-1).asks(0)
    for hours in range(1, 21):
        shop.beats(hours)
    for hours in range(21, until):
        shop.browses(hours)
    return shop


def test_without_heartbeats_the_deadline_passes():
    """What nobody watches is taken at its word: no answer was heard, so there was none."""
    shop = Shop().asks(0)
    for hours in range(1, 27):
        shop.browses(hours)

    assert shop.said() == [("trigger", 24)]


def test_with_heartbeats_the_deadline_passes_too_when_nobody_answers():
    """A producer that is there and tells of no answer: there was none."""
    shop = Shop().beats(-1).asks(0)
    for hours in range(1, 27):
        shop.browses(hours).beats(hours + 0.5)

    assert shop.said() == [("trigger", 24)]


def test_while_the_helpdesk_is_down_nobody_is_said_to_be_unanswered():
    """Hours pass, customers and clock go on, the timer waits."""
    assert outage().said() == []
    assert outage(until=22).idle_until(31).said() == []


def test_an_answer_that_the_backlog_brings_was_in_time():
    """It was given at hour 23, and is heard at hour 31: no alert, ever."""
    shop = outage().answers(23)
    for hours in range(24, 40):
        shop.beats(hours).browses(hours + 0.1)

    assert shop.said() == []


def test_where_the_backlog_brings_no_answer_the_timer_is_judged_as_of_its_time():
    """The helpdesk is back and tells of later hours: there was no answer by hour 24."""
    shop = outage().beats(31).browses(31.5)

    assert shop.said() == [("trigger", 24)]
    assert "not heard" not in shop.house.alerts[-1]["reason"]["text"]


def test_an_answer_after_the_deadline_is_late_although_it_is_heard_first():
    """Given at hour 25: by then the helpdesk was there, and hour 24 had passed without one."""
    shop = outage().answers(25)

    assert shop.said()[0] == ("trigger", 24)
    assert [action for action, _ in shop.said()] == ["trigger", "resolve"]


def test_another_touchpoint_of_the_customer_does_not_let_the_timer_fire():
    """They write again at hour 30 through the shop; whether they were answered nobody knows."""
    shop = outage().asks(30.4, "c-2").at(30.5, "marketing.engaged", campaign="x", action="click")

    assert shop.said() == []


def test_after_the_policys_hours_it_is_given_up_and_the_alert_says_so():
    """Twelve hours after it was last heard; the words name the source and since when."""
    shop = outage(until=34)

    assert shop.said() == [("trigger", 24)]
    text = shop.house.alerts[-1]["reason"]["text"]
    assert "(as far as is known: urn:helpdesk was not heard after 2026-01-05T20:00:00.000Z)" in text


def test_the_clock_gives_it_up_as_well():
    """Nothing comes any more at all: the wall clock alone."""
    shop = outage(until=22)

    assert shop.idle_until(31.9).said() == []
    assert shop.idle_until(32.2).said() == [("trigger", 24)]


def test_how_long_is_the_policys():
    """With two hours it is given up at hour 22."""
    policy = policy_of(
        detectors={"unanswered_inquiry": {"calendar": "24x7"}}, time={"give_up_h": 2}
    )

    assert outage(Shop(policy), until=26).said() == [("trigger", 24)]


def test_a_source_named_in_the_policy_needs_no_heartbeat():
    """The shop itself must be heard; here only another tells of time."""
    policy = policy_of(
        detectors={"unanswered_inquiry": {"calendar": "24x7"}},
        time={"watched": ["urn:shop"], "give_up_h": 48},
    )
    shop = Shop(policy).asks(0)
    for hours in range(20, 30):
        shop.at(hours, "marketing.engaged", "c-8", "urn:other", campaign="x", action="y")
    assert shop.said() == []

    assert shop.browses(26).said() == [("trigger", 24)]


def test_a_crash_in_the_midst_of_an_outage_changes_nothing():
    """What is known of sources is durable with the progress."""
    calm, rough = outage().beats(31).browses(32), Shop().beats(-1).asks(0)
    for hours in range(1, 21):
        rough.beats(hours).crash()
    for hours in range(21, 31):
        rough.browses(hours).crash()
    rough.beats(31).crash().browses(32)

    assert rough.house.alerts == calm.house.alerts != []


def test_a_replay_says_the_same_wherever_batches_are_cut_and_the_clock_stepped():
    """Live in single records with steps of the clock; the replay takes the same steps."""
    live = outage(until=30).idle_until(32.5).answers(33).beats(34).browses(36).idle_until(60)
    steps = progress.decode(live.house.meta).watermark.steps
    records = [
        (0, Record(n, t["occurred_at"], t["customer_id"].encode(), json.dumps(t).encode()))
        for n, t in enumerate(live.log)
    ]
    assert live.said() and steps
    for size in (1, 7, 1000):
        house = ReplayHouse(POLICY, PARTITIONS, steps={0: steps})
        sends = house.run(records, size)
        said = [json.loads(send.value) for send in sends if send.topic.startswith("alerts.")]
        assert said == live.house.alerts


@pytest.mark.parametrize("partitions", [2, 8])
def test_a_heartbeat_is_told_on_to_every_partition(partitions):
    """Its producer knows no partitions: it sends one record, and all of them have heard it."""
    log = Shop().beats(0).log
    records = [
        (partitions - 1, Record(n, t["occurred_at"], b"heartbeat", json.dumps(t).encode()))
        for n, t in enumerate(log)
    ]
    house = ReplayHouse(POLICY, partitions)
    list(house.run(records))

    assert [desk.sources.heard for desk in house.desks] == [
        {"urn:helpdesk": MONDAY_MS}
    ] * partitions
    assert house.counts["heartbeats"] == 1 and house.customers == 0


def test_a_heartbeat_counts_as_a_sign_of_life_of_its_source():
    """``source_silent`` speaks of one that stops sending them."""
    shop = Shop()
    for minutes in range(0, 60 * 30, 4):
        shop.beats(minutes / 60)
    for hours in range(30, 34):
        shop.browses(hours)
    records = [
        (0, Record(n, t["occurred_at"], t["customer_id"].encode(), json.dumps(t).encode()))
        for n, t in enumerate(shop.log)
    ]
    house = ReplayHouse(POLICY, PARTITIONS, crowd=True)
    sends = [*house.run(records), *house.finish()]
    said = [json.loads(send.value) for send in sends if send.topic == "alerts.systemic.v1"]

    assert [(a["kind"], a["cohort_id"], a["action"]) for a in said] == [
        ("source_silent", "source=urn:helpdesk", "trigger")
    ]
