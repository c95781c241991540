"""What the disk store relies on in rocksdict: true of the version we pin, checked before a move."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from rocksdict import BlockBasedOptions, Cache, Options, Rdict, WriteBatch, WriteOptions


def opened(folder: Path) -> Rdict:
    """A database of raw bytes."""
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    return Rdict(str(folder), options)


def without_log() -> Any:
    """For writes that only a flush makes safe."""
    options: Any = WriteOptions()
    options.disable_wal = True
    return options


def test_keys_and_values_are_raw_bytes_in_byte_order(tmp_path):
    """No pickle, no type tag: what is put is what lies there, sorted as bytes."""
    db = opened(tmp_path)
    for key in (b"b", b"\x00", b"a\xff", b"a"):
        db[key] = b"v" + key
    assert list(db.keys()) == [b"\x00", b"a", b"a\xff", b"b"]
    assert list(db.keys(from_key=b"a\x00")) == [b"a\xff", b"b"]
    assert db.get(b"b") == b"vb"


def test_what_is_asked_for_in_one_go_comes_in_order_with_none_for_what_is_not_there(tmp_path):
    """``get`` of a list answers one by one."""
    db = opened(tmp_path)
    db[b"a"] = b"1"
    assert db.get([b"b", b"a"]) == [None, b"1"]
    assert db.get(b"b") is None


def test_later_entries_of_a_batch_win_over_earlier_ones(tmp_path):
    """A put after a delete of the same key counts."""
    db, batch = opened(tmp_path), WriteBatch(raw_mode=True)
    batch.put(b"a", b"1")
    batch.delete(b"a")
    batch.put(b"a", b"2")
    db.write(batch)
    assert db.get(b"a") == b"2"


def test_the_log_is_switched_off_by_an_attribute(tmp_path):
    """The published types call it a method; were it ignored, a log would grow beside the data."""
    db = opened(tmp_path)
    batch = WriteBatch(raw_mode=True)
    batch.put(b"a", os.urandom(100_000))
    db.write(batch, without_log())
    assert sum(path.stat().st_size for path in tmp_path.glob("*.log")) == 0
    batch = WriteBatch(raw_mode=True)
    batch.put(b"b", os.urandom(100_000))
    db.write(batch)
    assert sum(path.stat().st_size for path in tmp_path.glob("*.log")) > 100_000


def test_a_flush_makes_it_safe_without_a_log(tmp_path):
    """What was flushed is there for the next to open it. Background work may be cut short then:
    closing does close, though it says that it could not flush once more."""
    db, batch = opened(tmp_path), WriteBatch(raw_mode=True)
    batch.put(b"a", b"1")
    db.write(batch, without_log())
    db.flush()
    db.cancel_all_background(True)
    with pytest.raises(Exception, match=r"Shutdown in progress"):
        db.close()
    assert opened(tmp_path).get(b"a") == b"1"


def test_one_process_at_a_time(tmp_path):
    """A second opening of the same folder is refused, in this process and in another."""
    db = opened(tmp_path)
    with pytest.raises(Exception, match=r"[Ll]ock"):
        opened(tmp_path)
    code = f"from rocksdict import Rdict, Options; Rdict({str(tmp_path)!r}, Options(raw_mode=True))"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert other.returncode
    assert "lock" in other.stderr.lower()
    db.close()
    opened(tmp_path).close()


def test_options_count_for_what_is_there_already_only_if_they_name_the_column_family(tmp_path):
    """Else they are those it was made with, and the cache is none that we know of."""
    opened(tmp_path).close()
    for named, expected in ((False, 8 << 20), (True, 3 << 20)):
        table = BlockBasedOptions()
        table.set_block_cache(Cache(3 << 20))
        options = Options(raw_mode=True)
        options.set_block_based_table_factory(table)
        families = {"default": options} if named else None
        db = Rdict(str(tmp_path), options, column_families=families)
        assert db.property_int_value("rocksdb.block-cache-capacity") == expected
        db.close()


def test_options_of_a_live_database_may_be_set_by_name(tmp_path):
    """There is no other way to the period after which everything is compacted."""
    opened(tmp_path).set_options({"periodic_compaction_seconds": "604800"})


def test_damage_is_an_exception_and_no_wrong_value(tmp_path):
    """Every block bears a checksum. An iteration ends there, and only its status tells why."""
    db = opened(tmp_path)
    for n in range(2_000):
        db[b"%06d" % n] = os.urandom(100)
    db.flush()
    db.close()
    for path in tmp_path.glob("*.sst"):
        content = bytearray(path.read_bytes())
        content[len(content) // 4] ^= 0xFF
        path.write_bytes(content)
    db = opened(tmp_path)
    with pytest.raises(Exception, match=r"[Cc]orruption"):
        db.get([b"%06d" % n for n in range(2_000)])
    found = db.iter()
    found.seek_to_first()
    while found.valid():
        found.next()
    with pytest.raises(Exception, match=r"[Cc]orruption"):
        found.status()


_WRITES_UNTIL_KILLED = """
    import os, sys
    from rocksdict import Options, Rdict, WriteBatch, WriteOptions
    options = Options(raw_mode=True)
    options.set_write_buffer_size(200_000)
    db = Rdict(sys.argv[1], options, column_families={"default": options})
    without_log = WriteOptions()
    without_log.disable_wal = True
    number = int(db.get(b"head"))
    while True:
        number += 1
        batch = WriteBatch(raw_mode=True)
        for n in range(200):
            batch.put(b"%03d" % n, b"%d " % number + os.urandom(100))
        batch.put(b"head", b"%d" % number)
        db.write(batch, without_log)
        print(number, flush=True)
"""


def test_killed_while_writing_it_is_as_it_was_after_some_batch(tmp_path):
    """Without a log: each batch whole or not at all, none without the ones before it. Here every
    batch writes every key, so all of them must bear the number of the same batch."""
    db = opened(tmp_path)
    db[b"head"] = b"0"
    db.close()
    survived = []
    for _ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_WRITES_UNTIL_KILLED), str(tmp_path)],
            stdout=subprocess.PIPE,
        )
        assert writer.stdout is not None
        for _ in range(30 + 7 * len(survived)):
            assert writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        db = opened(tmp_path)
        survived.append(int(db.get(b"head")))
        if survived[-1]:
            numbers = {int(db.get(b"%03d" % n).split(b" ")[0]) for n in range(200)}
            assert numbers == {survived[-1]}
        db.close()
    assert survived == sorted(survived)
    assert survived[-1] > 50, "nothing survived any kill, so nothing was shown"
