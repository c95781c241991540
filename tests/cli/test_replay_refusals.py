"""``throughline replay`` where something is wrong: bad lines, a damaged file, a wrong question."""

import base64
import gzip
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from schemas.dead_letters import CODES, HEADER_CODE, HEADER_FIELD, HEADER_HINT
from streams.simulator.spoiled import faults, spoil
from streams.wire import jsonl
from streams.wire.jsonl import Carried
from tests.cli.conftest import Throughline
from tests.story import START_MS


def spoiled_file(company: Path, count: int) -> list[Carried]:
    """Bad records of every kind evenly among the good ones of a file."""
    bad = [
        Carried(one.key, one.value, one.headers, one.timestamp_ms)
        for one in spoil(Random(9), count, START_MS)
    ]
    good = company.read_bytes().splitlines(keepends=True)
    lines = []
    for number, line in enumerate(good):
        lines.append(line)
        due = count * (number + 1) // len(good) - count * number // len(good)
        lines += [jsonl.write(*one) for one in bad[len(lines) - number - 1 :][:due]]
    Path("spoiled.jsonl").write_bytes(b"".join(lines))
    return bad


def test_thousand_bad_lines_among_good_ones(throughline: Throughline, company: Path) -> None:
    """Every good line counts as if the bad ones were not there; each bad one has its own dead
    letter with code, field and hint, and its key, value and headers byte for byte."""
    bad = spoiled_file(company, 1_000)
    calm = json.loads(throughline("replay", company, "--json", "--alerts", "calm").lines[-1])
    run = throughline(
        "replay", "spoiled.jsonl", "--json", "--alerts", "alerts", "--dead-letters", "dead",
        "--no-places",
    )  # fmt: skip
    told = json.loads(run.lines[-1])
    for fate in ("accepted", "duplicates", "late", "customers", "alerts"):
        assert told[fate] == calm[fate]
    assert told["dead_letters"] == 1_000
    throughline("replay", company, "--alerts", "calm", "--no-places")
    assert Path("alerts").read_bytes() == Path("calm").read_bytes()

    expected = list(spoil(Random(9), 1_000, START_MS))
    assert len({one.fault for one in expected}) == len(faults()) > 50
    letters = [jsonl.read(line) for line in Path("dead").read_bytes().splitlines()]
    assert sorted(map(_original, letters)) == sorted(map(_comparable, bad))
    said = Counter((_said(one, HEADER_CODE), _said(one, HEADER_FIELD)) for one in letters)
    assert said == Counter((one.code, one.field) for one in expected)
    assert all(_said(one, HEADER_HINT) for one in letters)
    assert told["dead_letters_by_code"] == Counter(one.code for one in expected)
    assert set(told["dead_letters_by_code"]) <= set(CODES)


def _said(letter: Carried, header: str) -> str:
    return dict(letter.headers)[header].decode()


def _original(letter: Carried) -> tuple[bytes, ...]:
    own = tuple(h for h in letter.headers if not h[0].startswith(("__streams", "cx.error")))
    dropped = "cx.error.headers_dropped" in dict(letter.headers)
    return _comparable(letter._replace(headers=own), dropped)


def _comparable(one: Carried, hostile: bool = False) -> tuple[bytes, ...]:
    """Key and value as bytes that can be sorted; headers, too, unless some were hostile."""
    headers = sum(len(name) + len(value or b"") for name, value in one.headers)
    kept = () if hostile or headers > 16_384 or len(one.headers) > 64 else one.headers
    return (
        b"-" if one.key is None else b"+" + one.key,
        b"-" if one.value is None else b"+" + one.value,
        repr(kept).encode(),
        str(one.timestamp_ms).encode(),
    )


def test_dead_letters_are_records_that_can_be_read_again(
    throughline: Throughline, company: Path
) -> None:
    """The file of dead letters is itself a file of records: replayed, each is refused again for
    the same reason; only what was refused for its headers alone, and lost them, may be read."""
    spoiled_file(company, 200)
    first = throughline("replay", "spoiled.jsonl", "--dead-letters", "dead", "--json").lines[-1]
    told = json.loads(throughline("replay", "dead", "--json").out)
    before, after = json.loads(first)["dead_letters_by_code"], told["dead_letters_by_code"]
    assert before.pop("hostile_headers") == after.pop("hostile_headers") + told["accepted"]
    assert after == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["missing.jsonl"],
        ["t", "--topic"],
        ["t", "--until", "tomorrow"],
        ["t", "--until", "now", "--drain"],
        ["t", "--policy", "missing.toml"],
        ["t", "--alerts", "x", "--late", "x"],
        ["t", "--partitions", "0"],
        ["t", "--nonsense"],
    ],
)
def test_asked_wrongly_is_exit_code_2(throughline: Throughline, arguments: list[str]) -> None:
    """What, why and what to do on stderr; nothing on stdout."""
    Path("t").write_text("")
    run = throughline("replay", *arguments)
    assert (run.code, run.out) == (2, b"")
    assert run.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "No input was given"),
        (["t", "--topic"], "Both files and --topic"),
        (["t", "--until", "now", "--drain"], "give one"),
    ],
)
def test_what_is_unclear_is_said(throughline: Throughline, arguments: list[str], why: str) -> None:
    """Of several things that may be wrong with a question, the one that is."""
    assert why in throughline("replay", *arguments).err


def test_policy_that_is_not_there_is_a_missing_file(throughline: Throughline) -> None:
    """Its path and what the machine says of it, without the machine's number for it."""
    Path("t").write_text("")
    run = throughline("replay", "t", "--policy", "nowhere.toml")
    assert run.code == 2 and "nowhere.toml: No such file or directory\n" in run.err


def test_wrong_policy_names_the_key(throughline: Throughline) -> None:
    """A misspelt threshold is not taken in silence."""
    Path("t").write_text("")
    Path("p.toml").write_text('version = "x"\n[detectors.bill_shock]\nrise_percnt = 1\n')
    run = throughline("replay", "t", "--policy", "p.toml")
    assert run.code == 2
    assert "detectors.bill_shock.rise_percnt" in run.err and len(run.err.splitlines()) == 3


def test_damaged_gz_is_said_with_its_place(throughline: Throughline, company: Path) -> None:
    """A cut-off download is an error, never a short file."""
    packed = gzip.compress(company.read_bytes())
    Path("cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    run = throughline("replay", "cut.jsonl.gz")
    assert run.code == 1
    assert "cut.jsonl.gz is damaged after line" in run.err


def test_endless_line_is_one_dead_letter(throughline: Throughline) -> None:
    """A line of many megabytes is never held whole, and the next one counts."""
    good = b'{"event_id":"e","source":"urn:t","type":"contact.started","customer_id":"c-1",'
    good += b'"occurred_at":"2026-01-01T00:00:00Z","contact_id":"k","direction":"inbound",'
    good += b'"channel":"phone"}\n'
    Path("t").write_bytes(b"x" * 20_000_000 + b"\n" + good)
    told = json.loads(throughline("replay", "t", "--json", "--dead-letters", "dead").out)
    assert (told["accepted"], told["dead_letters_by_code"]) == (1, {"oversize": 1})
    (letter,) = Path("dead").read_bytes().splitlines()
    assert len(base64.b64decode(json.loads(letter)["record"]["value_b64"])) == 900_000
