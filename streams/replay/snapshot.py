"""A journey as the public snapshot that ``schemas.snapshots`` promises, for looking at it."""

from collections.abc import Iterable
from typing import Any

from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.wire import snapshot as wire


def snapshot(
    journey: Journey, as_of_ms: int, rules: Rules, questions: Iterable[Question] = ()
) -> dict[str, Any]:
    """What is publicly kept of one customer, as the flat JSON object of the contract.

    Args:
        journey: the customer's.
        as_of_ms: event time up to which everything heard is in it, epoch milliseconds.
        rules: the policy's judgement calls, for the scale of the index.
        questions: the detectors, for the domains their alerts belong to.
    """
    return wire.snapshot(journey, as_of_ms, rules, wire.causes_of(questions))
