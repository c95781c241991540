"""``throughline replay``: files in, alerts out, the same every time."""

import gzip
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

from schemas.alerts import Alert
from schemas.cohort_alerts import CohortAlert
from streams.adapters import servicenow
from streams.wire import jsonl
from tests.cli.conftest import Throughline

EXCERPT = Path(__file__).parents[1] / "adapters" / "data" / "servicenow_excerpt.csv"


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
