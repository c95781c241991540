"""The laws can fail: each catches the fault it is there for, and a sound detector passes them all."""

from random import Random

import pytest

from streams.engine.judgement import Question
from streams.engine.rules import Rules
from tests.laws import faulty, laws
from tests.laws.kits import Kit, Step
from tests.laws.laws import LAWS, an_endless_customer_stays_small

CONTACT = {"type": "contact.started", "contact_id": "k-1", "direction": "inbound"}
DAY_MS = 86_400_000


def kit_of(detector: type = faulty.Sound, line: type | None = None) -> Kit:
    """A kit of one detector that is in no catalogue, on a line that may be faulty."""
    question = Question("effort", "faulty", detector())
    seed = [Step(DAY_MS, {**CONTACT, "contact_id": f"k-{n}"}) for n in range(4)]
    kit = Kit("faulty", [question], [question], [seed])
    if line is not None:
        kit.line = line(Rules(), kit.questions, partitions=1)
    return kit


def broken_by(kit: Kit, law, tries: int = 40) -> str | None:
    """How the law was broken by one of the drawn stories, or None."""
    for number in range(tries):
        chance = Random(number)
        bends = [chance.randrange(2**32) for _ in range(2)]
        tail = [chance.randrange(2**32) for _ in range(6)]
        try:
            law(kit, kit.story(number % 2, bends, tail), chance)
        except Exception as broken:  # noqa: BLE001 - a law may also be broken by what it runs into
            return f"{type(broken).__name__}: {broken}"
    return None


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_sound_detector_breaks_no_law(law):
    """Without its fault, the detector that all of them derive from passes."""
    assert broken_by(kit_of(), law) is None


def test_a_sound_detector_stays_small():
    """Nor does it grow."""
    assert broken_by(kit_of(), an_endless_customer_stays_small, tries=1) is None


@pytest.mark.parametrize(
    ("detector", "law"),
    [
        (faulty.CountsInItsModule, laws.same_story_same_alerts),
        (faulty.RemembersByCustomer, laws.another_partition_meanwhile),
        (faulty.RemembersTheLastCustomer, laws.strangers_do_not_matter),
        (faulty.KeepsHalves, laws.restart_anywhere),
        (faulty.NeverMovesItsWake, laws.nothing_fails),
        (faulty.TakesForGranted, laws.nothing_fails),
        (faulty.Meddles, laws.hands_off_the_journey),
        (faulty.Mumbles, laws.says_it_well),
        (faulty.NeverTrimsItsWindow, laws.an_endless_customer_stays_small),
    ],
)
def test_a_faulty_detector_is_caught(detector, law):
    """Each fault breaks the law that is there for it."""
    assert broken_by(kit_of(detector), law) is not None


@pytest.mark.parametrize(
    ("line", "law"),
    [
        (faulty.SortsItsBatch, laws.cut_anywhere),
        (faulty.ForgetsWhatItHeard, laws.hear_it_twice),
        (faulty.StampsWhenItNotices, laws.whenever_it_is_noticed),
        (faulty.AllowsNoLateness, laws.late_within_the_allowance),
    ],
)
def test_a_faulty_line_is_caught(line, law):
    """What no detector can do wrong, the line could: those laws can fail too."""
    assert broken_by(kit_of(line=line), law, tries=120) is not None
