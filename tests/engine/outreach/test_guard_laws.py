"""Laws of the guard, over drawn lives of a customer: what is never done, whatever happens."""

import json
from bisect import bisect_right
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.line import Line
from streams.opening_hours import locked_zone
from tests.engine.outreach.telling import policy_for
from tests.laws.tellings import START_MS, record, tell
from tests.story import _ms

HOUR_MS = 3_600_000
CAP, CAP_D, OFFER_H, LIVE_H = 2, 3, 12, 4
ZONES = ("Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca")
POLICY = policy_for(
    cap=CAP, cap_d=CAP_D, offer_h=OFFER_H, live_h=LIVE_H, cool_down_d=5, hold_out=0.0,
    quiet_from="20:00", quiet_to="08:00", quiet_days=("sunday",), wait_h=100,
)  # fmt: skip

HAPPENS: dict[str, tuple[str, ...]] = {
    **{
        name: (name,)
        for name in (
            *("trouble", "late", "begin", "end", "sent", "declined", "suppressed"),
            *("dismissed", "granted", "revoked", "zone", "zone"),
        )
    },
    "helped": ("trouble", "responded"),
    "in a call": ("begin", "trouble", "end"),
    "against consent": ("revoked", "trouble", "granted"),
}
"""What may happen, each as touchpoints that follow each other."""

steps = st.lists(
    st.tuples(
        st.sampled_from((0, 1, 3, 7, 20, 60)),  # hours since the one before
        st.sampled_from(sorted(HAPPENS) + ["helped", "in a call"] * 3),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=16,
)


def life(drawn: list[tuple[int, str, int]]) -> list[dict[str, Any]]:
    """The touchpoints of a drawn life, which begins at noon. Answers name the latest trouble."""
    now_ms, told, troubles = START_MS + 11 * HOUR_MS, [], 0
    happened = [(0, "zone", 0), (0, "granted", 0)]
    for gap_h, name, number in drawn:
        for what in HAPPENS[name]:
            first = what == HAPPENS[name][0]
            happened.append((gap_h if first else number % 2, what, number))
    for gap_h, what, number in happened:
        now_ms += gap_h * HOUR_MS
        troubles += what == "trouble"
        key = f"c-1:probe:p-{troubles}"
        told.append(
            {
                "event_id": f"e-{len(told)}",
                "source": "urn:test",
                "customer_id": "c-1",
                "occurred_at": now_ms,
                **touchpoint(what, number, key),
            }
        )
    return told


def touchpoint(what: str, number: int, key: str) -> dict[str, Any]:
    """What one word of a drawn life is on the wire; ``key`` is the latest trouble's."""
    product, contact = key.rsplit(":", 1)[1], f"k-{number}"
    return {
        "trouble": {
            "type": "complaint.filed", "severity": 3 + number % 2, "product_id": product,
            "channel": "email",
        },
        "late": {"type": "order.delayed", "order_id": f"o-{number}"},
        "begin": {
            "type": "contact.started", "channel": "phone", "direction": "inbound",
            "contact_id": contact,
        },
        "end": {"type": "contact.ended", "outcome": "pending", "contact_id": contact},
        "dismissed": {"type": "alert.dismissed", "dedupe_key": key, "by": "ann"},
        "granted": {"type": "consent.changed", "purpose": "marketing", "status": "granted"},
        "revoked": {"type": "consent.changed", "purpose": "marketing", "status": "revoked"},
        "zone": {"type": "visit.recorded", "location": "x", "timezone": ZONES[number]},
    }.get(what, {"type": f"outreach.{what}", "dedupe_key": key})  # fmt: skip


def offers(told, notices: bool = True) -> list[dict[str, Any]]:
    """Everything offered, in order."""
    sent = [json.loads(value) for topic, _, value in told.sends if topic == "outreach.v1"]
    return [
        one
        for one in sent
        if one["step"] == "offer" and (notices or one["outreach_class"] == "persuasion")
    ]


def at_ms(offer) -> int:
    """When it was offered."""
    return _ms(offer["offered_at"])


@settings(max_examples=60, deadline=None)
@given(steps)
def test_never_two_open(drawn):
    """Between an offer and the next there was an answer, a withdrawal, a sent notice or its end."""
    lived = life(drawn)
    told = tell(Line(POLICY.rules, POLICY.questions, 1), [record(*one) for one in enumerate(lived)])
    ends = [
        (one["occurred_at"], one["dedupe_key"]) for one in lived if one["type"].startswith("outr")
    ]
    sent = [json.loads(value) for topic, _, value in told.sends if topic == "outreach.v1"]
    for before, after in pairwise(sent):
        if before["step"] == "withdraw" or after["step"] == "withdraw":
            continue
        answered = [ms for ms, key in ends if key == before["dedupe_key"]]
        answered = [ms for ms in answered if at_ms(before) <= ms <= at_ms(after)]
        assert answered or at_ms(after) >= _ms(before["expires_at"]), (before, after)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_never_above_the_cap_in_any_window(drawn):
    """Whatever window of its length is looked at; offers that the service did not send are free."""
    lived = life(drawn)
    told = tell(Line(POLICY.rules, POLICY.questions, 1), [record(*one) for one in enumerate(lived)])
    freed = [
        (t["occurred_at"], t["dedupe_key"]) for t in lived if t["type"] == "outreach.suppressed"
    ]
    made = offers(told, notices=False)
    counted = sorted(
        at_ms(one)
        for one in made
        if not any(
            key == one["dedupe_key"] and at_ms(one) <= ms <= _ms(one["expires_at"])
            for ms, key in freed
        )
    )
    for first, last in zip(counted, counted[CAP:], strict=False):
        assert last - first >= CAP_D * 24 * HOUR_MS


@settings(max_examples=60, deadline=None)
@given(steps)
def test_never_in_quiet_hours_of_the_zone(drawn):
    """By the zone known at the time, as the zone data itself says, without our calendars."""
    from datetime import UTC, datetime

    lived = life(drawn)
    told = tell(Line(POLICY.rules, POLICY.questions, 1), [record(*one) for one in enumerate(lived)])
    for one in offers(told):
        local = datetime.fromtimestamp(at_ms(one) / 1000, UTC).astimezone(
            locked_zone(one["timezone"])
        )
        assert 8 <= local.hour < 20, local
        assert local.weekday() != 6, local


@settings(max_examples=60, deadline=None)
@given(steps)
def test_never_during_a_live_contact_nor_without_consent(drawn):
    """A contact that has begun, has not ended, and was heard of within the last hours."""
    lived = life(drawn)
    told = tell(Line(POLICY.rules, POLICY.questions, 1), [record(*one) for one in enumerate(lived)])
    times = [one["occurred_at"] for one in lived]
    for one in offers(told):
        # At one instant the offer may stand between two touchpoints: both are allowed for.
        least = bisect_right(times, at_ms(one) - 1)
        most = bisect_right(times, at_ms(one))
        verdicts = [allowed(lived[:count], one) for count in range(least, most + 1)]
        assert any(verdicts), one


def allowed(before: list[dict[str, Any]], offer: dict[str, Any]) -> bool:
    """Whether nothing told so far forbids it."""
    live: dict[str, int] = {}
    over: set[str] = set()
    consent = ""
    for told in before:
        name = told.get("contact_id", "")
        if told["type"] == "contact.started" and name not in over:
            live[name] = told["occurred_at"]
        if told["type"] == "contact.ended":
            live.pop(name, None)
            over.add(name)
        consent = told.get("status", consent) if told["type"] == "consent.changed" else consent
    going_on = any(at_ms(offer) < ms + LIVE_H * HOUR_MS for ms in live.values())
    agreed = consent == "granted" or offer["outreach_class"] == "service_notice"
    return agreed and not going_on


@settings(max_examples=40, deadline=None)
@given(steps, st.sets(st.integers(1, 30), max_size=8), st.sets(st.integers(1, 30), max_size=4))
def test_the_same_whatever_the_batches_and_crashes(drawn, cut, crash):
    """Told again in other batches, with workers dying in between: same offers, same bytes."""
    records = [record(*one) for one in enumerate(life(drawn))]
    line = Line(POLICY.rules, POLICY.questions, 1)
    whole, torn = tell(line, records), tell(line, records, cut=cut, crash=crash)

    assert torn.sends == whole.sends
    assert torn.journeys == whole.journeys
    assert torn.counts == whole.counts
