"""Does the customer have to try one channel after the other? (EF5)

Fires when   on one open issue the customer changed channel ``switches`` times within ``window_d``
             days: the next attempt in another channel within ``gap_h`` hours of one that did not
             solve it. Higher from ``severe_switches``. Attempts are contacts and what the customer
             tried alone: self-service, a bot, a voice menu hung up on.
Silent when  the attempt before solved it, the next came later or in the same channel, or the
             company made it. The voice menu is the telephone: to come through it to an agent is no
             change.
Forgets      an issue's way when it is resolved; the episode then too, or after ``quiet_d`` days;
             the way longest untrodden of more than three.
Requirements S2-21, S3-06
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS, HOUR_MS

WAYS_MAX, STEPS_MAX = 3, 6
ALONE = {"selfservice.ended": "web", "bot.session_ended": "bot", "ivr.segment_ended": "phone"}


class Step(Struct, array_like=True, gc=False):
    """One attempt; ``switched`` if it came by another channel soon after the one before."""

    channel: str
    at_ms: int
    mark: int
    switched: bool = False


class Way(Struct, array_like=True, gc=False):
    """The attempts on one issue, by time; issue "" for those not yet about a known one.

    ``topic`` is what these were about, if told.
    """

    issue: str
    steps: list[Step] = field(default_factory=list)
    topic: str = ""


class Memory(Struct, array_like=True, gc=False):
    """Ways of open issues, longest untrodden first."""

    ways: list[Way] = field(default_factory=list)


@dataclass(frozen=True)
class ChannelSwitch(Detector):
    """Thresholds: changes of channel that are too many, severe ones, days they fall in, the gap."""

    listens: ClassVar = (
        "contact.started",
        "contact.ended",
        "case.resolved",
        "case.closed",
        "dispute.resolved",
        *ALONE,
    )
    memory: ClassVar = Memory
    action: ClassVar = "Answer in the channel the customer used last, with all they said elsewhere"
    clears_with_issue: ClassVar = True
    quiet_d: ClassVar = 14

    switches: Annotated[int, Ge(1), Le(STEPS_MAX - 1)] = 2
    severe_switches: Annotated[int, Ge(1), Le(STEPS_MAX - 1)] = 3
    window_d: Annotated[float, Gt(0), Le(90)] = 7
    gap_h: Annotated[float, Gt(0), Le(720)] = 24

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Another attempt on the same issue, or the end of it."""
        issue = heard.issue
        key = issue.key if issue is not None else ""
        if heard.type in ALONE:
            return self._tried_alone(memory, key, heard)
        if heard.type != "contact.started":
            if heard.resolved or (issue is not None and issue.resolved_ms):
                memory.ways = [one for one in memory.ways if one.issue != key]
            return None
        if not heard.new_contact or issue is None:
            return None
        if heard.claimed_before:
            memory.ways = [one for one in memory.ways if one.issue != key]
        channel = heard.touchpoint.channel
        if channel is None:
            return None
        way = _way(memory, key)
        self._adopt(memory, way, heard)
        return self._stepped(way, _plain(channel), heard)

    def _tried_alone(self, memory: Memory, key: str, heard: Heard) -> Answer:
        touchpoint = heard.touchpoint
        if heard.type == "ivr.segment_ended":
            solved, counts = touchpoint.exit == "self_served", touchpoint.exit == "hangup"
        else:
            solved, counts = touchpoint.outcome == "resolved", True
        if solved:
            # What was solved alone needs no second attempt.
            memory.ways = [one for one in memory.ways if one.issue not in ("", key)]
            return None
        if not counts or heard.contact is not None:
            return None
        channel = _plain(touchpoint.channel or ALONE[heard.type])
        topic = getattr(touchpoint, "topic", None) or ""
        if topic and key.startswith("r:") and topic not in key.split("/"):
            key = ""  # the only open issue, but this was about something else
        way = _way(memory, key)
        if not key and way.topic != topic:
            way.steps, way.topic = [], topic
        return self._stepped(way, channel, heard)

    def _adopt(self, memory: Memory, way: Way, heard: Heard) -> None:
        """What was tried alone just before the first contact was the beginning of its way."""
        loose = next((one for one in memory.ways if not one.issue), None)
        if loose is None or way.steps:
            return
        reason, gap_ms = heard.touchpoint.reason, heard.at_ms - loose.steps[-1].at_ms
        if loose.topic and reason is not None and loose.topic not in (reason.l1, reason.l2):
            return
        memory.ways.remove(loose)
        if 0 <= gap_ms <= self.gap_h * HOUR_MS:
            way.steps = loose.steps

    def _stepped(self, way: Way, channel: str, heard: Heard) -> Answer:
        before = way.steps[-1] if way.steps else None
        switched = False
        if before is not None and before.channel != channel:
            last_ms = max(before.at_ms, heard.previous_contact_ms)
            switched = 0 <= heard.at_ms - last_ms <= self.gap_h * HOUR_MS
        way.steps.append(Step(channel, heard.at_ms, heard.note(), switched))
        way.steps.sort(key=lambda one: one.at_ms)
        del way.steps[:-STEPS_MAX]
        since_ms = heard.at_ms - self.window_d * DAY_MS
        count = sum(one.switched and one.at_ms >= since_ms for one in way.steps)
        if not switched or count < self.switches or not way.issue:
            return None
        severe = count >= self.severe_switches
        return Finding(
            severity=4 if severe else 3,
            reason="channels_changed_often" if severe else "channels_changed",
            text=f"{count} changes of channel about one issue: {_trodden(way)}",
            object=way.issue,
            number=count,
            threshold=self.severe_switches if severe else self.switches,
            marks=[one.mark for one in way.steps],
            issue=way.issue,
            action="Call the customer: one person, all of the history, until it is solved"
            if severe
            else None,
        )


def _plain(channel: str) -> str:
    return "phone" if channel == "ivr" else channel


def _way(memory: Memory, key: str) -> Way:
    """The way of that issue, moved to the end; the one longest untrodden makes room."""
    way = next((one for one in memory.ways if one.issue == key), None) or Way(key)
    memory.ways = [one for one in memory.ways if one is not way]
    memory.ways.append(way)
    del memory.ways[:-WAYS_MAX]
    return way


def _trodden(way: Way) -> str:
    channels = [one.channel for one in way.steps]
    return ", ".join(c for i, c in enumerate(channels) if not i or channels[i - 1] != c)


DETECTOR = ChannelSwitch()
