"""How a journey turned out, beside how it stood before: the outcome join (S0-25, S1-28, S3-16).

With each renewal decided, customer lost, expansion closed and referral made, one record on
``journeys.outcomes.v1``: what it was, and the index and the four scores 7, 30 and 90 days before,
taken from the diary (so as of the turn of the week at or before that day, which the record states).
From enough of them weights can be fitted. A record names no customer, only what is needed to fit:
its id, which is its key too, is derived from customer and touchpoint and says neither; so it stays
when somebody asks to be forgotten. History counts: it is marked by its ``origin``.
"""

from hashlib import sha1
from typing import Any
from uuid import UUID

import msgspec

from streams.engine import diary, effort, stages
from streams.engine.alert import NAMESPACE
from streams.engine.diary import Standing
from streams.engine.journey import Journey
from streams.engine.record import Send
from streams.engine.rules import Rules
from streams.engine.scores import Scores, scores
from streams.engine.units import DAY_MS
from streams.wire.alert import instant

TOPIC = "journeys.outcomes.v1"
TYPES = frozenset({"renewal.decided", "customer.churned", "expansion.closed", "referral.made"})
BEFORE_D = (7, 30, 90)
_encoder = msgspec.json.Encoder()


def send(journey: Journey, touchpoint: Any, rules: Rules, timestamp_ms: int) -> Send:
    """The record of one outcome.

    Args:
        journey: the customer's, the touchpoint already taken in.
        touchpoint: of one of ``TYPES``.
        rules: the policy's.
        timestamp_ms: of the touchpoint's record.
    """
    told = ending(journey, touchpoint, rules)
    return Send(TOPIC, told["outcome_id"].encode(), _encoder.encode(told), (), timestamp_ms)


def ending(journey: Journey, touchpoint: Any, rules: Rules) -> dict[str, Any]:
    """One outcome, as the flat JSON object of ``schemas.outcomes``."""
    at_ms, profile = touchpoint.occurred_at, journey.profile
    now = max(at_ms, journey.clock_ms)
    jei = effort.index(effort.effort_at(journey.effort, now), rules.effort)
    found = [(days, diary.before(journey.diary, at_ms - days * DAY_MS)) for days in BEFORE_D]
    return {
        "outcome_id": _id(journey.customer_id, touchpoint),
        "type": touchpoint.type,
        "outcome": getattr(touchpoint, "outcome", None),
        "occurred_at": instant(at_ms),
        "stage": stages.stage_at(profile, now, rules)[0],
        "segment": profile.segment,
        "tier": profile.tier,
        "acv_minor": profile.acv_minor or None,
        "value_minor": getattr(touchpoint, "value_minor", None),
        "currency": getattr(touchpoint, "currency", None) or profile.currency,
        "jei": round(jei, 1),
        "scores": _scores(scores(journey, now, rules)),
        "before": [_standing(days, stood) for days, stood in found if stood is not None],
        "policy_version": rules.label,
        "origin": touchpoint.origin,
    }


def _id(customer_id: str, touchpoint: Any) -> str:
    name = f"{customer_id}\x1f{touchpoint.source}\x1f{touchpoint.event_id}"
    digest = sha1(NAMESPACE + name.encode(), usedforsecurity=False).digest()
    return str(UUID(bytes=digest[:16], version=5))


def _standing(days: int, stood: Standing) -> dict[str, Any]:
    return {
        "days": days,
        "as_of": instant(stood.at_ms),
        "jei": float(stood.jei),
        "scores": _scores(stood.scores),
    }


def _scores(four: Scores) -> dict[str, float]:
    named = zip(four._fields, four, strict=True)
    return {name: round(value, 1) for name, value in named if value is not None}
