"""Journeys on disk: a plain mapping to whoever uses them, however often it is closed or killed."""

import random
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.disk_journeys import DamagedStore, DiskJourneys
from streams.kafka.shelf import Shelf
from tests.kafka.disk import journey

CUSTOMERS = [b"c%d" % n for n in range(8)]


def due_in(model: dict[bytes, bytes]) -> list[tuple[int, bytes]]:
    """The timers of a plain dict of journeys."""
    return sorted((ms, key) for key, value in model.items() if (ms := due(value)))


def due(value: bytes) -> int:
    """The next due time of an encoded journey."""
    return int.from_bytes(value[1:9], "big")


def opened(shelf: Shelf) -> DiskJourneys:
    """The journeys of one partition."""
    return DiskJourneys(shelf.open("log/0"), lambda: 3, lambda: None)


CHANGES = st.dictionaries(
    st.sampled_from(CUSTOMERS),
    st.one_of(st.none(), st.builds(journey, st.integers(0, 20), st.binary(max_size=5))),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), CHANGES),
        st.tuples(st.just("drop"), CHANGES),
        st.tuples(st.just("look"), st.sets(st.sampled_from(CUSTOMERS))),
        st.tuples(st.just("reopen"), st.none()),
    ),
    max_size=12,
)


def set_all(journeys: DiskJourneys, changes: dict[bytes, bytes | None]) -> None:
    """Set and take away, not yet written."""
    for key, value in changes.items():
        if value is None:
            journeys.pop(key, None)
        else:
            journeys[key] = value


@given(steps=STEPS)
def test_it_is_a_dict_with_its_timers_in_order(steps):
    """Through any batches, changes taken back, lookups and reopenings: the same journeys, the same
    timers, and what is waiting counts already."""
    with TemporaryDirectory() as folder:
        shelf, model, number = Shelf(Path(folder), 384), {}, 0
        journeys = opened(shelf)
        for what, detail in steps:
            if what == "reopen":
                journeys.close()
                journeys = opened(shelf)
            elif what == "look":
                assert {k: journeys.get(k) for k in detail} == {k: model.get(k) for k in detail}
            else:
                set_all(journeys, detail)
                after = {k: v for k, v in {**model, **detail}.items() if v is not None}
                assert dict(journeys) == after
                assert journeys.timers(None, 100) == (due_in(after), None)
                if what == "write":
                    number += 1
                    journeys.write(b"%d" % number)
                    model = after
                else:
                    journeys.drop_waiting()
            assert journeys.head() == (b"%d" % number if number else None)
            assert dict(journeys) == model
            assert (len(journeys), bool(journeys)) == (len(model), bool(model))
            assert portions(journeys) == due_in(model)
        journeys.close()


def portions(journeys: DiskJourneys) -> list[tuple[int, bytes]]:
    """All timers, fetched two at a time."""
    found: list[tuple[int, bytes]] = []
    last = None
    while True:
        some, last = journeys.timers(last, 2)
        found += some
        if last is None:
            return found


def test_a_fault_of_the_disk_does_not_look_like_a_fault_of_a_record(tmp_path):
    """The line sets a record aside that crashes it; it must not set one aside for this."""
    told: list[str] = []
    journeys = DiskJourneys(
        Shelf(tmp_path, 384).open("log/0"), lambda: 3, lambda: told.append("damaged")
    )
    journeys._db.close()
    with pytest.raises(MemoryError) as refused:
        journeys.get(b"c1")
    assert isinstance(refused.value, DamagedStore)
    assert refused.value.name == "store_damaged"
    assert told == ["damaged"]


def test_damage_is_met_in_timers_too(tmp_path):
    """A list of timers that just ends where the disk is damaged would leave customers unheard."""
    shelf = Shelf(tmp_path, 384)
    journeys = opened(shelf)
    for n in range(3_000):
        journeys[b"c%05d" % n] = journey(10_000 + n)
    journeys.write(b"1")
    journeys.close()
    for path in shelf.folder.glob("log/0/*.sst"):
        content = bytearray(path.read_bytes())
        for place in range(1_000, len(content) - 8_000, 3_000):
            content[place] ^= 0xFF
        path.write_bytes(content)
    with pytest.raises(DamagedStore):
        opened(shelf).timers(None, 5_000)


# -- kills -------------------------------------------------------------------------------------------


def changes_of(number: int) -> dict[bytes, bytes | None]:
    """The changes of one batch, the same for writer and judge."""
    draw = random.Random(number)
    return {
        b"k%d" % draw.randrange(500): (
            None if draw.random() < 0.2 else journey(draw.randrange(50), draw.randbytes(2_000))
        )
        for _ in range(300)
    }


def write_until_killed(folder: str) -> None:
    """In a process of its own: batch after batch, saying the number of each."""
    journeys = opened(Shelf(Path(folder), 384))
    number = int(journeys.head() or b"0")
    while True:
        number += 1
        set_all(journeys, changes_of(number))
        journeys.write(b"%d" % number)
        print(number, flush=True)


def test_killed_it_is_as_it_was_after_a_write(tmp_path):
    """Head, journeys and timers are those of one and the same batch, whichever survived; it goes on
    from there, through kill after kill."""
    model: dict[bytes, bytes] = {}
    done, survived = 0, []
    for kill in range(5):
        code = f"import {__name__} as t; t.write_until_killed({str(tmp_path)!r})"
        writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        for _ in range(20 + 17 * kill):
            assert writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        journeys = opened(Shelf(tmp_path, 384))
        survived.append(int(journeys.head() or b"0"))
        while done < survived[-1]:
            done += 1
            changed = {**model, **changes_of(done)}
            model = {k: v for k, v in changed.items() if v is not None}
        assert done == survived[-1]
        assert dict(journeys) == model
        assert journeys.timers(None, 1_000) == (due_in(model), None)
        journeys._db.close()
    assert survived[-1] > 20, "nothing survived any kill, so nothing was shown"
