"""``throughline replay``: files in, alerts and dead letters out, the same every time."""

import base64
import gzip
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from schemas.alerts import Alert
from schemas.cohort_alerts import CohortAlert
from schemas.dead_letters import CODES, HEADER_CODE, HEADER_FIELD, HEADER_HINT
from streams.adapters import servicenow
from streams.simulator.spoiled import faults, spoil
from streams.wire import jsonl
from streams.wire.jsonl import Carried
from tests.cli.conftest import Throughline
from tests.story import START_MS

EXCERPT = Path(__file__).parents[1] / "adapters" / "data" / "servicenow_excerpt.csv"


@pytest.fixture
def company(throughline: Throughline, tmp_path: Path) -> Path:
    """A small company's month as a file."""
    told = throughline("simulate", "--customers", 150, "--days", 30, "--seed", 3)
    file = tmp_path / "company.jsonl"
    file.write_bytes(told.out)
    return file


def test_twice_is_byte_equal(throughline: Throughline, company: Path) -> None:
    """Alerts, journeys and late records of the same file are the same bytes the second time."""
    for turn in ("a", "b"):
        run = throughline(
            "replay", company, "--alerts", f"{turn}.alerts", "--journeys", f"{turn}.journeys",
            "--late", f"{turn}.late", "--drain",
        )  # fmt: skip
        assert run.code == 0
    for what in ("alerts", "journeys", "late"):
        assert Path(f"a.{what}").read_bytes() == Path(f"b.{what}").read_bytes()
    assert len(Path("a.alerts").read_bytes().splitlines()) > 50


def test_another_process_says_the_same(throughline: Throughline, company: Path) -> None:
    """Nothing depends on the process: not its hash seed, not where it stands."""
    here = throughline("replay", company, "--alerts", "-")
    there = subprocess.run(
        [sys.executable, "-m", "streams.cli", "replay", company, "--alerts", "-"],
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "4711", "PATH": ""},
    )
    assert there.stdout == here.out


def test_packed_file_and_standard_input_are_files_too(
    throughline: Throughline, company: Path
) -> None:
    """Plain, ``.gz`` and ``-`` give the same bytes; a ``.gz`` is written alike twice."""
    plain = throughline("replay", company, "--alerts", "-").out
    packed = Path("company.jsonl.gz")
    packed.write_bytes(gzip.compress(company.read_bytes()))
    assert throughline("replay", packed, "--alerts", "-").out == plain
    command = [sys.executable, "-m", "streams.cli", "replay", "-", "--alerts", "-"]
    with company.open("rb") as stdin:
        piped = subprocess.run(command, stdin=stdin, capture_output=True, check=True)
    assert piped.stdout == plain
    for name in ("a.gz", "b.gz"):
        throughline("replay", company, "--alerts", name)
    assert Path("a.gz").read_bytes() == Path("b.gz").read_bytes()
    assert gzip.decompress(Path("a.gz").read_bytes()) == plain


def test_several_files_are_one_after_the_other(throughline: Throughline, company: Path) -> None:
    """A file cut in two says what the whole one says."""
    lines = company.read_bytes().splitlines(keepends=True)
    Path("first").write_bytes(b"".join(lines[:1000]))
    Path("second").write_bytes(b"".join(lines[1000:]))
    whole = throughline("replay", company, "--alerts", "-").out
    assert throughline("replay", "first", "second", "--alerts", "-").out == whole


def test_alerts_are_as_promised_and_in_order_of_time(
    throughline: Throughline, company: Path
) -> None:
    """Every line of the alerts fits the public schema."""
    lines = throughline("replay", company, "--alerts", "-").lines
    for line in lines:
        about = CohortAlert if json.loads(line)["family"] == "systemic" else Alert
        about.model_validate_json(line)


def test_customers_interleaved_differently(throughline: Throughline) -> None:
    """The same customers' stories in another order (within the allowed lateness): without the
    counted places in the evidence, each customer's alerts are the same bytes."""
    told = throughline("simulate", "--customers", 150, "--days", 30, "--no-noise")
    Path("one").write_bytes(told.out)
    lines = told.out.splitlines(keepends=True)
    rng = Random(5)
    moved = sorted(lines, key=lambda line: jsonl.read(line).timestamp_ms + rng.random() * 599_000)
    own: dict[bytes | None, Iterator[bytes]] = {
        key: iter([line for line in lines if jsonl.read(line).key == key])
        for key in {jsonl.read(line).key for line in lines}
    }
    # Moved by up to ten minutes among each other; each customer's own in its own order.
    Path("other").write_bytes(b"".join(next(own[jsonl.read(line).key]) for line in moved))
    assert Path("other").read_bytes() != told.out
    said = []
    for file in ("one", "other"):
        alerts = defaultdict(list)
        for line in throughline("replay", file, "--no-places", "--drain", "--alerts", "-").lines:
            alert = json.loads(line)
            if "customer_id" in alert:  # the others are about cohorts
                alerts[alert["customer_id"]].append(line)
        said.append(dict(alerts))
    assert said[0] == said[1] and len(said[0]) > 10


def test_json_ends_with_one_object(throughline: Throughline, company: Path) -> None:
    """For programs: what was read, what became of it, and how long it took."""
    told = json.loads(throughline("replay", company, "--json").out)
    lines = company.read_bytes().splitlines()
    assert told["touchpoints"] == len(lines)
    fates = told["accepted"] + told["duplicates"] + told["beyond_horizon"] + told["dead_letters"]
    assert fates == len(lines)
    assert told["customers"] == len({json.loads(line)["customer_id"] for line in lines})
    assert told["elapsed_s"] > 0 and told["late"] >= 0
    alerts = [json.loads(line) for line in throughline("replay", company, "--alerts", "-").lines]
    assert told["alerts"] == Counter(sorted(alert["kind"] for alert in alerts))
    by_action = Counter((alert["kind"], alert["action"]) for alert in alerts)
    assert told["alerts_by_action"] == {
        kind: {action: count for (k, action), count in by_action.items() if k == kind}
        for kind in told["alerts"]
    }


def test_alerts_on_stdout_stand_alone_there(throughline: Throughline, company: Path) -> None:
    """With alerts on stdout the summary for people goes to stderr, so that a pipe stays clean."""
    run = throughline("replay", company, "--alerts", "-")
    assert all(json.loads(line)["alert_id"] for line in run.lines)
    assert "touchpoints of 150 customers" in run.err


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


def test_service_desk_log_has_no_dead_letters_and_counts_as_published(
    throughline: Throughline,
) -> None:
    """Imported, written, read and replayed: every touchpoint is taken, and the census of what was
    replayed is the census of the log."""
    Path("t.jsonl").write_bytes(throughline("import", "servicenow", EXCERPT).out)
    told = json.loads(throughline("replay", "t.jsonl", "--json").out)
    written = [json.loads(line) for line in Path("t.jsonl").read_text().splitlines()]
    assert told["dead_letters"] == told["duplicates"] == told["late"] == 0
    assert told["accepted"] == told["touchpoints"] == len(written)
    assert told["alerts"]["transfer_burden"] > 0
    counted = list(servicenow.census(written))
    assert counted == list(servicenow.census(servicenow.read(EXCERPT)))
    assert counted[0].values == (11, 7)


def test_time_can_go_on_after_the_file(throughline: Throughline) -> None:
    """A promise due after the last line is broken only if time is told to go on."""
    lines = [
        {"type": "contact.started", "event_id": "e-1", "contact_id": "k-1", "channel": "phone",
         "direction": "inbound", "occurred_at": "2026-01-01T10:00:00Z"},
        {"type": "promise.made", "event_id": "e-2", "promise_id": "p-1", "kind": "callback",
         "made_by": "service", "due_at": "2026-01-01T12:00:00Z",
         "occurred_at": "2026-01-01T10:05:00Z"},
    ]  # fmt: skip
    common = {"customer_id": "c-1", "source": "urn:test"}
    Path("t").write_text("".join(json.dumps({**common, **line}) + "\n" for line in lines))

    def broken(*more: str) -> int:
        return json.loads(throughline("replay", "t", "--json", *more).out)["alerts"].get(
            "broken_promise", 0
        )

    assert broken() == 0
    assert broken("--until", "2026-01-01T12:14:59Z") == 0
    assert broken("--until", "2026-01-01T12:15:00Z") == 1
    assert broken("--until", "now") == broken("--drain") == 1


def test_policy_is_the_one_given(throughline: Throughline, company: Path) -> None:
    """Another threshold gives other alerts, under another policy version."""
    Path("strict.toml").write_text(
        'version = "strict"\n[detectors.cumulative_effort]\nmedium = 20\n'
    )
    usual = json.loads(throughline("replay", company, "--json").out)
    strict = json.loads(throughline("replay", company, "--policy", "strict.toml", "--json").out)
    assert strict["alerts"]["cumulative_effort"] > usual["alerts"]["cumulative_effort"]
    assert strict["policy_version"].startswith("strict+")


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
