"""Unreadable records of every kind: each gets the code and field it was made for."""

from random import Random

import pytest

from schemas.dead_letters import CODES
from streams.engine.record import Record
from streams.simulator.spoiled import Spoiled, faults, spoil
from streams.wire import jsonl
from streams.wire.touchpoint import Unreadable, read

AT_MS = 1_767_600_000_000
ALL = list(spoil(Random(1), len(faults()), AT_MS))
every_fault = pytest.mark.parametrize("spoiled", ALL, ids=faults())

# Not made: no current producer can send a record without a timestamp; routing and our own faults
# are not in the record.
_NOT_A_RECORDS_FAULT = {
    "bad_timestamp", "unroutable", "processing_error", "identity_conflict", "not_ours",
}  # fmt: skip
"""The last two are earned by what was told before, or by who told it; see ``tests/identity``."""


@every_fault
def test_fault_gets_its_code_and_field(spoiled: Spoiled) -> None:
    """Read as a consumer reads it: the code, the field at fault, and a hint that says something."""
    key, value, headers, timestamp_ms, code, field, _ = spoiled
    verdict = read(Record(0, timestamp_ms, key, value, headers))
    assert isinstance(verdict, Unreadable)
    assert (verdict.code, verdict.field) == (code, field)
    assert len(verdict.hint) > 10


@every_fault
def test_fault_survives_a_file(spoiled: Spoiled) -> None:
    """Written as a line and read again, every byte is there."""
    carried = jsonl.Carried(*spoiled[:4])
    assert jsonl.read(jsonl.write(*carried)) == carried


def test_every_code_is_met() -> None:
    """No code that a record can earn is left out."""
    assert {spoiled.code for spoiled in ALL} == set(CODES) - _NOT_A_RECORDS_FAULT


def test_a_thousand_are_of_all_kinds_and_the_same_again() -> None:
    """In turn, each with its own timestamp, from the seed alone."""
    thousand = list(spoil(Random(2), 1_000, AT_MS))
    assert len(thousand) == 1_000
    assert {spoiled.fault for spoiled in thousand} == set(faults())
    assert len({spoiled.timestamp_ms for spoiled in thousand}) == 1_000
    assert thousand == list(spoil(Random(2), 1_000, AT_MS))
