"""What a replay of a file cannot tell: questions about touchpoints that are not in it, and others.

A rule that says nothing looks the same whether all is well or there was nothing to hear. This says
which it was, so that a comparison of two policies is not read as more than it is.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from streams.engine.judgement import Question

FEEDBACK = frozenset({"alert.acknowledged", "alert.snoozed", "alert.resolved", "alert.dismissed"})
ABOUT_PEOPLE = frozenset({"alert_unactioned"})
"""Detectors that ask what people did about alerts: without feedback, nothing, of every one."""


class BlindSpot(NamedTuple):
    """A question that could not be answered in full.

    Args:
        kind: the detector's.
        deaf: it heard nothing at all, so its silence means nothing.
        why: in words.
    """

    kind: str
    deaf: bool
    why: str


def blind_spots(
    questions: Iterable[Question], cohort_kinds: Iterable[str], types: Collection[str]
) -> list[BlindSpot]:
    """The questions that a file cannot answer, or not in full, by name.

    Args:
        questions: of both policies.
        cohort_kinds: names of the detectors of whole cohorts.
        types: touchpoint types that occur in the file.
    """
    listens = {question.kind: question.detector.listens for question in questions}
    found = [
        BlindSpot(
            kind, True, "asked of whole cohorts: not compared here, throughline replay says it"
        )
        for kind in cohort_kinds
    ]
    for kind, wanted in listens.items():
        if kind in ABOUT_PEOPLE and FEEDBACK.isdisjoint(types):
            why = "what people did about alerts is not in this file"
            found.append(BlindSpot(kind, True, why))
            continue
        own = [one for one in wanted if not one.startswith("+")]
        missing = [one for one in own if one not in types]
        if own and len(missing) == len(own) and len(own) == len(wanted):
            found.append(BlindSpot(kind, True, f"no input of type {_listed(missing)} in this file"))
        elif missing:
            found.append(BlindSpot(kind, False, f"not in this file: {_listed(missing)}"))
    return sorted(found)


def remarks(types: Collection[str], not_live: int) -> list[str]:
    """What holds for all of it.

    Args:
        types: touchpoint types that occur in the file.
        not_live: touchpoints marked as backfilled or replayed.
    """
    said = [
        "Journeys begin with the file: what a rule needs of the time before it is not known.",
        "Time stands still at its end: what was due later is not said.",
    ]
    if FEEDBACK.isdisjoint(types):
        said.append(
            "What people did about alerts is not in it: both sides as if nobody had snoozed or "
            "dismissed anything."
        )
    else:
        said.append(
            "What people did about alerts was done under the policy then in force; under another "
            "one it may be about an alert that never was."
        )
    if not_live:
        said.append(
            f"{not_live:,} touchpoints are marked as backfill or replay: they are remembered, and "
            "nothing is said because of them."
        )
    return said


def _listed(types: list[str]) -> str:
    most = 4
    rest = f" and {len(types) - most} more" if len(types) > most else ""
    return ", ".join(types[:most]) + rest
