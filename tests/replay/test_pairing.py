"""Episodes of two sides pair where they are about the same and overlap, whatever the order told."""

from random import Random

import pytest

from streams.replay.pairing import Key, Pairing, Said

A, B = 0, 1
KEY = Key("repeat_contact", "c-1", "r:/billing/bill")
LATER_MS = [10**9] * 4


def said(at_ms: int, name: str = "") -> Said:
    """An episode that begins then."""
    return Said(name or f"id-{at_ms}", at_ms, 3, "because", ("e",))


def told(*spans: tuple[int, int, int | None], key: Key = KEY, sample: int = 5) -> Pairing:
    """Episodes as (side, from, to), told one side after the other."""
    pairing = Pairing(sample, 4)
    for side in (A, B):
        for of, begin_ms, end_ms in spans:
            if of == side:
                assert pairing.begin(side, key, said(begin_ms, f"{'ab'[side]}-{begin_ms}"))
                if end_ms is not None:
                    pairing.over(side, key, end_ms)
    pairing.close()
    return pairing


@pytest.mark.parametrize(
    ("b", "paired"),
    [
        ((10, 20), True),
        ((0, 10), True),
        ((20, 30), True),
        ((12, 13), True),
        ((0, None), True),
        ((0, 9), False),
        ((21, 30), False),
        ((21, None), False),
    ],
)
def test_overlap_includes_both_ends(b: tuple[int, int | None], paired: bool) -> None:
    """A lives from 10 to 20: whatever of B touches that is the same episode, seen otherwise."""
    pairing = told((A, 10, 20), (B, *b))
    assert (pairing.both[KEY.kind, A], pairing.both[KEY.kind, B]) == (paired, paired)
    assert (pairing.only[KEY.kind, A], pairing.only[KEY.kind, B]) == (not paired, not paired)


@pytest.mark.parametrize(
    "other",
    [
        Key("repeat_contact", "c-1", "r:/billing/price"),
        Key("repeat_contact", "c-2", KEY.object),
        Key("contact_frequency", "c-1", KEY.object),
    ],
)
def test_about_something_else(other: Key) -> None:
    """Another object, customer or detector is another matter, at the same time or not."""
    pairing = Pairing(5, 4)
    pairing.begin(A, KEY, said(1))
    pairing.begin(B, other, said(1))
    pairing.close()
    assert pairing.only == {(KEY.kind, A): 1, (other.kind, B): 1}
    assert not pairing.both


def test_one_long_episode_pairs_with_several_short_ones() -> None:
    """Where A goes on and B begins anew, each of B's has A's."""
    pairing = told((A, 0, 100), (B, 0, 10), (B, 50, 60), (B, 90, 110))
    assert pairing.both == {(KEY.kind, A): 1, (KEY.kind, B): 3}


def test_raised_again_while_open_is_one_episode() -> None:
    """What was kept quiet for a while and is said again has not begun anew."""
    pairing = Pairing(5, 4)
    assert pairing.begin(A, KEY, said(1))
    assert not pairing.begin(A, KEY, said(5))
    pairing.over(A, KEY, 9)
    assert pairing.begin(A, KEY, said(10))
    pairing.close()
    assert pairing.only[KEY.kind, A] == 2


def test_end_of_what_was_never_raised() -> None:
    """An episode kept quiet from its beginning ends without one."""
    pairing = Pairing(5, 4)
    pairing.over(A, KEY, 9)
    pairing.close()
    assert not pairing.only and not pairing.both


def test_when_it_is_settled_changes_nothing() -> None:
    """Settled often, seldom or at the end: the same counts, and nothing is kept that is over."""
    rng = Random(4)
    log = []
    for side in (A, B):
        for customer in range(20):
            at_ms = rng.randint(0, 50)
            for _ in range(10):
                end_ms = at_ms + rng.randint(1, 40)
                log.append((at_ms, side, f"c-{customer}", True))
                log.append((end_ms, side, f"c-{customer}", False))
                at_ms = end_ms + rng.randint(1, 40)
    log.sort()

    def run(every_ms: int) -> Pairing:
        pairing, next_ms = Pairing(3, 4), every_ms
        for at_ms, side, customer, begins in log:
            if at_ms >= next_ms:
                pairing.settle([at_ms - 1] * 4)
                next_ms = at_ms + every_ms
            key = Key("k", customer, "")
            if begins:
                pairing.begin(side, key, said(at_ms, f"{side}-{customer}-{at_ms}"))
            else:
                pairing.over(side, key, at_ms)
        pairing.settle(LATER_MS)
        assert not pairing._alive and not pairing._over
        pairing.close()
        return pairing

    often, never = run(1), run(10**8)
    assert (often.only, often.both) == (never.only, never.both)
    assert often.only.total() + often.both.total() == 400
    for where in ("only_a", "only_b", "both"):
        assert often.samples("k", where) == never.samples("k", where)


def test_samples_are_the_smallest_names_in_order_of_time() -> None:
    """As many as asked for, chosen by name and not by who came first; of a pair A's is shown."""
    pairing = Pairing(2, 4)
    for number, at_ms in enumerate((5, 9, 7)):
        pairing.begin(A, Key("k", f"c-{number}", ""), said(at_ms, f"id-{9 - at_ms}"))
    pairing.begin(B, Key("k", "c-0", ""), said(5, "id-0"))
    pairing.close()
    assert [one.said.at_ms for one in pairing.samples("k", "only_a")] == [7, 9]
    assert [one.said.alert_id for one in pairing.samples("k", "both")] == ["id-4"]
    assert pairing.samples("k", "only_b") == []
