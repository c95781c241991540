"""When the worker looks for garbage, and what it freezes."""

import gc
from dataclasses import dataclass

import pytest

from streams.kafka.garbage import LITTLE, MIDDLE, YOUNG, Garbage


@dataclass
class Lane:
    """A lane that does what it is told."""

    doing: str = "running"
    quiet: bool = True

    def caught_up(self) -> bool:
        """As it was made."""
        return self.quiet


@pytest.fixture
def lane():
    """One running, quiet lane, and the collector as it was afterwards."""
    yield Lane()
    gc.unfreeze()


def work(looks: int = 1) -> None:
    """Something happened: the middle was looked through so many times."""
    for _ in range(looks):
        gc.collect(1)


def test_within_a_worker_only_what_is_young_is_looked_through(lane):
    """The oldest are never looked through by themselves; afterwards all is as before."""
    usual = gc.get_threshold()
    with Garbage([lane]).kept_away():
        young, middle, oldest = gc.get_threshold()
        assert (young, middle) == (YOUNG, MIDDLE)
        assert oldest > 100_000_000
    assert gc.get_threshold() == usual
    assert gc.get_freeze_count() == 0


def test_what_was_restored_is_frozen_at_once_even_if_there_is_work(lane):
    """Nobody looks again at what a worker begins with; not before all of it is there."""
    lane.doing, lane.quiet = "restoring", False
    garbage = Garbage([lane])
    assert not garbage.beat()

    lane.doing = "running"
    assert garbage.beat()
    assert gc.get_freeze_count() > 1_000


def test_a_worker_without_partitions_freezes_nothing():
    """It is not yet what it will be."""
    assert not Garbage([]).beat()


def test_what_lived_until_all_is_quiet_is_frozen_then(lane):
    """While there is work it is left alone."""
    garbage = Garbage([lane])
    garbage.beat()
    kept = [[] for _ in range(500)]
    work()
    lane.quiet = False
    assert not garbage.beat()

    lane.quiet = True
    before = gc.get_freeze_count()
    assert garbage.beat()
    assert gc.get_freeze_count() - before >= len(kept)


def test_a_quiet_worker_does_it_once(lane):
    """Nothing has happened since: there is nothing to look at."""
    garbage = Garbage([lane])
    garbage.beat()
    work()
    assert garbage.beat()
    assert not garbage.beat()


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.self = self


def rings() -> int:
    """How many there are."""
    return sum(isinstance(one, Ring) for one in gc.get_objects())


@pytest.mark.parametrize(("looks", "left"), [(1, 0), (LITTLE + 1, 1)])
def test_cycles_go_when_all_is_quiet_unless_there_is_too_much_to_look_through(lane, looks, left):
    """After a little work everything since the last time is looked through; after much, nothing is:
    nobody must wait for it."""
    garbage = Garbage([lane])
    garbage.beat()
    ring = Ring()
    work(looks)
    del ring

    garbage.beat()
    gc.unfreeze()
    assert rings() == left
    gc.collect()
