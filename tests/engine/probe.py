"""A detector that says what a touchpoint tells it to say, for specs of what becomes of findings."""

from dataclasses import dataclass, replace
from typing import ClassVar

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.policy import Policy
from tests.story import Story


@dataclass(frozen=True)
class Probe(Detector):
    """``complaint.filed`` is a finding, ``review.posted`` takes it back."""

    listens: ClassVar = ("complaint.filed", "review.posted")
    action: ClassVar = "Look at the probe"
    cause: ClassVar = "service_process"

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """As told: severity, reason (first level), object (product); regulatory means it eases."""
        told = heard.touchpoint
        about = told.product_id or ""
        if heard.type == "review.posted":
            return Clear("taken_back", None if about == "all" else about)
        return Finding(
            severity=told.severity,
            reason=told.reason.l1 if told.reason else "probe",
            text=f"{told.severity} of 4",
            object=about,
            number=told.severity,
            threshold=1,
            marks=(heard.note(),),
            eases=bool(told.regulatory),
        )


class QuietProbe(Probe):
    """The same, resolving after ten days of quiet."""

    quiet_d: ClassVar = 10


class ProductProbe(Probe):
    """The same, about the product."""

    cause: ClassVar = "product_quality"


def probed(detector: type = Probe, **rules) -> Story:
    """A story heard by the probe alone, under rules of which some parts are changed.

    Args:
        detector: which probe.
        rules: sections of ``Rules`` by name, each a table of changes.
    """
    base = Rules()
    changed = {name: replace(getattr(base, name), **table) for name, table in rules.items()}
    question = Question("effort", "probe", detector())
    return Story(Policy("test", replace(base, **changed), (question,)))


def find(story: Story, severity: int, reason: str | None = None, **fields) -> Story:
    """A finding of that severity (1-4) now; with a reason of its own if given."""
    return story.tell(
        "complaint.filed", severity=severity, **({"reason": reason} if reason else {}), **fields
    )


def clear(story: Story, **fields) -> Story:
    """The finding is taken back now."""
    return story.tell(
        "review.posted",
        site="s",
        score=5,
        scale_min=1,
        scale_max=5,
        higher_is_better=True,
        **fields,
    )


def people(story: Story, did: str, **fields) -> Story:
    """Somebody does something about the latest alert."""
    latest = story.alerts[-1]["alert_id"] if "dedupe_key" not in fields else None
    named = {"alert_id": latest} if latest else {}
    return story.tell(f"alert.{did}", by="ann", **named, **fields)


def said(story: Story) -> list[tuple[str, int, str]]:
    """Action, severity and state of each alert."""
    return [(a["action"], a["severity"], a["state"]) for a in story.alerts]
