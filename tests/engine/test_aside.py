"""What crashes us twice is set aside; what crashes us too often is our fault."""

import pytest

from streams.engine.aside import ASIDE_MAX, Crash, guarded


class Batch:
    """Records that crash, each so many times, unless they are left out."""

    def __init__(self, **times: int) -> None:
        self.left = {int(name[1:]): count for name, count in times.items()}
        self.rollbacks = 0

    def rollback(self) -> None:
        self.rollbacks += 1

    def run(self, aside):
        for offset, count in self.left.items():
            if offset not in aside and count:
                self.left[offset] -= 1
                raise Crash(offset, ZeroDivisionError("zero"))
        return dict(aside)


def test_what_comes_through_is_not_rolled_back():
    """No crash, nothing set aside."""
    batch = Batch()
    assert guarded(batch.rollback, batch.run) == {}
    assert batch.rollbacks == 0


def test_a_crash_that_does_not_come_again_costs_nothing():
    """Once is chance: the batch runs again with everything in it."""
    batch = Batch(o7=1)
    assert guarded(batch.rollback, batch.run) == {}
    assert batch.rollbacks == 1


def test_what_crashes_twice_is_left_out_with_its_reason():
    """Twice is a rule: the rest of the batch goes on without it."""
    batch = Batch(o7=9, o8=9)
    reason = "ZeroDivisionError: zero"
    assert guarded(batch.rollback, batch.run) == {7: reason, 8: reason}


def test_many_crashes_are_our_fault():
    """More than ``ASIDE_MAX`` in one batch: it fails, and nothing is set aside quietly."""
    batch = Batch(**{f"o{n}": 9 for n in range(ASIDE_MAX + 1)})
    with pytest.raises(Crash):
        guarded(batch.rollback, batch.run)


def test_what_crashes_though_left_out_ends_it():
    """Leaving it out did not help: whatever crashes there is not this record."""

    def run(aside):
        raise Crash(7, ZeroDivisionError("zero"))

    with pytest.raises(Crash):
        guarded(lambda: None, run)
