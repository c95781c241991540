"""A moment of truth under a standard: how it begins, what is done about it, what became of it.

The stories begin on Thursday at midnight; a complaint begins the moment, a visit one nobody asked
about.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from streams.engine.detector import Finding
from streams.engine.heard import Heard
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.engine.standard import HEARD, MomentOfTruth
from streams.opening_hours import read
from streams.policy import Policy
from tests.story import Story


@dataclass(frozen=True)
class Probe(MomentOfTruth):
    """A complaint begins a moment; a visit begins one that the customer did not ask about."""

    listens: ClassVar = ("complaint.filed", "visit.recorded", *HEARD)
    begins: ClassVar = frozenset({"complaint.filed", "visit.recorded"})
    action: ClassVar = "Look at the probe"
    called: ClassVar = "the probe"

    def begun(self, memory: Any, heard: Heard) -> Finding | None:
        """As told."""
        if heard.type not in self.begins:
            return None
        asked = heard.type == "complaint.filed"
        issue = heard.issue.key if asked else None
        self.watch(memory, heard, issue or "", issue, asked)
        return Finding(1, "detected", "1 probe begun", issue or "", 1, issue=issue)


class Jealous(Probe):
    """Any return is one too many."""

    any_return: ClassVar = True


def begun(kind: type = Probe, by="complaint.filed", hours=10, tier=None, **parts) -> Story:
    """A moment begins on Thursday at ten; parts of its standard changed."""
    rules = replace(Rules(), calendars=read({"office": OFFICE}))
    story = Story(Policy("test", rules, (Question("moment", "probe", kind(**parts)),)))
    if tier:
        story.tell("customer.profile_changed", tier=tier)
    fields = {"reason": "line/dead"} if by == "complaint.filed" else {}
    return story.after(hours=hours).tell(by, **fields)


OFFICE = {
    "zone": "UTC",
    **{d: ["09:00-17:00"] for d in ("monday", "tuesday", "wednesday", "thursday", "friday")},
}


def answered(story: Story, minutes=30, **fields) -> Story:
    """A call about it is taken."""
    return call(story.after(minutes=minutes), **fields).tell("contact.answered", contact_id="k-1")


def call(story: Story, **fields) -> Story:
    """The company calls about it, or the customer does if told so."""
    given = {"reason": "line/dead", "direction": "outbound", **fields}
    return story.contact(**given)


def reply(story: Story, hours=0.5, **fields) -> Story:
    """A person writes about it, to the point."""
    return story.after(hours=hours).tell(
        "case.response_sent",
        **{
            "case_id": "s-1",
            "kind": "human",
            "substantive": True,
            "reason": "line/dead",
            **fields,
        },
    )


def solved(story: Story, hours=1.0) -> Story:
    """The case about it is resolved."""
    return story.after(hours=hours).tell("case.resolved", case_id="s-1", reason="line/dead")


def told(story: Story) -> list[str]:
    """Each alert as day, action, severity and reason, without the kind."""
    return [line.replace(" · probe", "") for line in story.lines]


def end(story: Story) -> str:
    """What became of the moment: the reason of its last alert."""
    last = story.quiet(days=20).alerts[-1]
    return last["resolved_reason"] or last["reason"]["code"]
