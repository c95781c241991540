"""Stories of customers who may be reached out to, for specs of who is, when, and why not."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.opening_hours import ZONES
from streams.policy import Policy
from tests.engine.probe import Probe
from tests.story import Story

ANY_TIME = {"quiet_from": "00:00", "quiet_to": "00:00", "quiet_days": ()}
NOON_H = 11
"""Hours after the beginning of every story (a Thursday, midnight UTC) at which it is noon there."""


@dataclass(frozen=True)
class Notice(Detector):
    """A late order is something that the customer needs to be told."""

    listens: ClassVar = ("order.delayed",)
    action: ClassVar = "Tell the customer when it will come"

    def on_touchpoint(self, memory: None, heard: Heard) -> Answer:
        """One finding per order."""
        return Finding(3, "late", "1 day late", object=heard.touchpoint.order_id or "")


def policy_for(**outreach: Any) -> Policy:
    """A probe for persuasion and one for notices, at any time of day, nobody left out."""
    base = Rules()
    table = {"hold_out": 0.0, "notices": ("notice",), **ANY_TIME, **outreach}
    rules = replace(base, zones=ZONES, outreach=replace(base.outreach, **table))
    questions = (Question("effort", "probe", Probe()), Question("friction", "notice", Notice()))
    return Policy("test", rules, questions)


def reachable(
    *, zone: str | None = "Europe/Berlin", consent: bool = True, customer: str = "c-1", **outreach
) -> Story:
    """A customer known to be in that zone who has consented to marketing."""
    story = Story(policy_for(**outreach), customer=customer)
    if zone:
        story.tell("visit.recorded", location="shop", timezone=zone)
    if consent:
        story.tell("consent.changed", purpose="marketing", status="granted")
    return story


def trouble(story: Story, about: str = "a", severity: int = 3, **fields: Any) -> Story:
    """Something that suggests reaching out."""
    return story.tell("complaint.filed", severity=severity, product_id=about, **fields)


def candidates(story: Story) -> list[dict[str, Any]]:
    """What left for outreach, in order."""
    return [json.loads(s.value) for s in story.house.sends if s.topic == "outreach.v1"]


def left(story: Story) -> list[str]:
    """The same as one line each: hours since the beginning, step, kind, what about."""
    from tests.story import START_MS, _ms

    return [
        f"{(_ms(c['offered_at']) - START_MS) / 3_600_000:.4g} h · {c['step']} · {c['kind']} · "
        f"{c['dedupe_key'].rsplit(':', 1)[1]}"
        for c in candidates(story)
    ]


def observed(story: Story) -> list[dict[str, Any]]:
    """What was seen of those watched."""
    return [json.loads(s.value) for s in story.house.sends if s.topic == "outreach.outcomes.v1"]


def counted(story: Story) -> dict[str, int]:
    """What was counted about outreach."""
    total: Counter[str] = Counter()
    for outcome in story.house.outcomes:
        total.update({k: n for k, n in outcome.counts.items() if k.startswith("outreach.")})
    return dict(total)


def answer(story: Story, did: str, **fields: Any) -> Story:
    """The outreach service says what became of the latest offer."""
    offered = [c for c in candidates(story) if c["step"] == "offer"]
    return story.tell(f"outreach.{did}", alert_id=offered[-1]["alert_id"], **fields)
