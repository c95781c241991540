"""A detector may listen to what was said of the customer's other episodes."""

from dataclasses import dataclass, replace
from typing import ClassVar

from msgspec import Struct

from streams.engine.detector import EPISODE, Answer, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.judgement import Question
from streams.engine.rules import Rules
from streams.policy import Policy
from tests.engine.probe import Probe, QuietProbe, clear, find, people, said
from tests.story import DAY_MS, Story


class Memory(Struct, array_like=True):
    """How often it was asked, and when it wants to be woken."""

    asked: int = 0
    due_ms: int = 0


@dataclass(frozen=True)
class Listener(Detector):
    """Says how many of the probe's episodes are open, whenever something was said of them."""

    listens: ClassVar = (EPISODE,)
    memory: ClassVar = Memory
    action: ClassVar = "Look at the listener"
    asked_after: ClassVar = 1

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Something was said."""
        assert heard.touchpoint is None and heard.type == EPISODE
        memory.asked += 1
        memory.due_ms = heard.at_ms + 2 * DAY_MS
        return self._finding(memory, heard)

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """Two days later."""
        memory.due_ms = 0
        return self._finding(memory, heard, "later")

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """Two days after it was last asked."""
        return memory.due_ms or None

    def _finding(self, memory: Memory, heard: Heard, when: str = "now") -> Finding:
        count = sum(e.kind == "probe" and not e.resolved_ms for e in heard.journey.episodes)
        return Finding(2, f"{when}_{memory.asked}_{count}", f"{count} episodes are open")


class BeginningListener(Listener):
    """The same, of which nothing but an episode begins anything."""

    listens: ClassVar = (EPISODE, "survey.responded")
    begins: ClassVar = frozenset({EPISODE})

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Also a survey."""
        if heard.touchpoint is not None:
            memory.asked += 1
            return self._finding(memory, heard)
        return super().on_touchpoint(memory, heard)


def listened(probe: type = Probe, listener: type = Listener, **limits) -> Story:
    """A story heard by the probe and the listener; only the listener's alerts are shown."""
    base = Rules()
    rules = replace(base, limits=replace(base.limits, **limits))
    questions = (Question("effort", "probe", probe()), Question("effort", "listener", listener()))
    return Story(Policy("test", rules, questions))


def reasons(story: Story) -> list[str]:
    """What the listener said: when, how often it had been asked, how many were open."""
    return [a["reason"]["code"] for a in story.alerts if a["kind"] == "listener"]


def test_it_is_asked_when_one_opens_changes_or_ends():
    """Opened, risen, taken back: asked three times. A finding that says nothing does not ask."""
    story = find(find(find(listened(), 2), 2), 3)
    story = clear(story.after(hours=1))

    assert reasons(story) == ["now_1_1", "now_2_1", "now_3_0"]


def test_what_it_says_itself_does_not_ask_it_again():
    """Once per touchpoint, whatever came of it, however many episodes there are."""
    story = find(find(listened(), 2, product_id="a"), 2, product_id="b")
    clear(story, product_id="all")

    assert reasons(story) == ["now_1_1", "now_2_2", "now_3_0"]


def test_it_is_asked_when_people_take_one_on():
    """An acknowledgement is said of an episode too."""
    story = find(listened(), 2)
    probe = story.alerts[0]["alert_id"]
    story.tell("alert.acknowledged", alert_id=probe, by="ann")

    assert reasons(story)[-1] == "now_2_1"


def test_it_is_asked_when_one_ends_by_itself():
    """Ten days of quiet end the probe's; two days later the listener's own timer comes."""
    story = find(listened(QuietProbe), 2).quiet(days=20)

    assert reasons(story) == ["now_1_1", "later_1_1", "now_2_0", "later_2_0"]
    assert [line.split(" · ")[0] for line in story.lines][-3:] == ["day 10", "day 10", "day 12"]


def test_history_says_nothing_and_asks_nothing():
    """What only happened in a backfill is no news to a listener either."""
    assert said(find(listened(), 2, origin="backfill")) == []


def test_a_detector_is_not_asked_before_it_begins():
    """Of what cannot begin anything it is not asked while it remembers nothing; then it is."""
    answer = {"kind": "csat", "score": 1, "scale_min": 1, "scale_max": 5, "higher_is_better": True}
    story = listened(listener=BeginningListener).tell("survey.responded", **answer)
    assert story.alerts == []

    find(story, 2).tell("survey.responded", **answer)
    assert reasons(story) == ["now_1_1", "now_2_1"]


def test_what_has_not_begun_takes_no_room():
    """A customer of whom it remembers nothing carries nothing of it."""
    answer = {"kind": "csat", "score": 1, "scale_min": 1, "scale_max": 5, "higher_is_better": True}
    before = listened(listener=BeginningListener).tell("survey.responded", **answer)
    begun = listened().tell("survey.responded", **answer)
    find(begun, 2)

    (silent,), (spoken,) = (story.house.journeys.values() for story in (before, begun))
    assert b"listener" not in silent and b"listener" in spoken


def test_a_crash_in_between_changes_nothing():
    """What it waits for is in the journey."""
    whole = find(listened(), 2).quiet(days=5)
    torn = find(listened(), 2).crash().quiet(days=1).crash().quiet(days=4)

    assert [a["alert_id"] for a in torn.alerts] == [a["alert_id"] for a in whole.alerts]
    assert people(find(listened(), 2), "acknowledged").crash().quiet(days=5).lines
