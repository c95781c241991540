"""``throughline calibrate``: answers beside the index, and a policy file only when there is cause."""

import json
from pathlib import Path
from random import Random

import pytest

from streams import policy
from tests.cli.conftest import Throughline

START_MS = 1_767_225_600_000
MINUTE_MS = 60_000


def log(customers: int, seed: int = 4) -> Path:
    """Customers who waited, were handed on, or neither, and say that only the waiting was hard."""
    rng, lines = Random(seed), []
    for number in range(customers):
        own = {"customer_id": f"c-{number}", "source": "urn:test", "contact_id": f"k-{number}"}
        at_ms = START_MS + number * MINUTE_MS
        waited, handed = rng.choice((0, 1200, 2400)), rng.choice((0, 1, 2))
        told = [{"type": "contact.started", "channel": "phone", "direction": "inbound"}]
        if waited:
            told.append({"type": "contact.answered", "wait_s": waited})
        told += [{"type": "contact.transferred", "mode": "warm"} for _ in range(handed)]
        score = 7 - waited // 600 + rng.choice((-1, 0, 0, 1))
        told.append(
            {"type": "survey.responded", "kind": "ces", "score": min(7, max(1, score)),
             "scale_min": 1, "scale_max": 7, "higher_is_better": True}
        )  # fmt: skip
        for step, one in enumerate(told):
            record = {**own, **one, "event_id": f"{number}-{step}", "occurred_at": at_ms + step}
            lines.append(json.dumps(record))
    file = Path("answers.jsonl")
    file.write_text("\n".join(lines) + "\n")
    return file


def test_enough_answers_give_a_policy_file_that_can_be_used(throughline: Throughline) -> None:
    """What was planted is said, written to a file, and in force only where that file is."""
    run = throughline("calibrate", log(300), "--out", "weights.toml")
    assert run.code == 0
    assert run.lines[0].startswith("300 CES answers of 300 customers")
    assert "the index says what customers say" in run.lines[1]
    points = policy.load(Path("weights.toml")).rules.effort.points
    usual = policy.load().rules.effort.points
    assert points.wait_minute > usual.wait_minute
    assert points.transfer_warm < usual.transfer_warm
    assert points.case_reopened == usual.case_reopened
    assert policy.load().rules.label in Path("weights.toml").read_text()


def test_two_hundred_is_the_line(throughline: Throughline) -> None:
    """One answer less: the correlation is told, no file is written, and it says why not."""
    run = throughline("calibrate", log(199), "--out", "weights.toml")
    assert run.code == 3
    assert "it takes 200 answers, 1 more than there are" in run.err
    assert "rank correlation" in run.lines[1]
    assert not Path("weights.toml").exists()
    assert throughline("calibrate", log(200), "--out", "weights.toml").code == 0


def test_without_a_file_to_write_too_few_answers_are_no_failure(throughline: Throughline) -> None:
    """Looking is allowed at any time."""
    told = json.loads(throughline("calibrate", log(50), "--json").out)
    assert (told["answers"], told["missing"], told["suggested"]) == (50, 150, None)
    assert told["correlation"]["n"] == 50


def test_no_answers_at_all(throughline: Throughline) -> None:
    """Nothing was asked, so nothing can be said."""
    Path("t").write_text("")
    run = throughline("calibrate", "t")
    assert run.code == 0
    assert "no rank correlation" in run.lines[1]


def test_policy_replayed_is_the_one_changed(throughline: Throughline) -> None:
    """The file has everything of the policy given, with other points; the label is another."""
    Path("own.toml").write_text(
        'version = "autumn"\n[effort]\nhalf_life_d = 7\n[effort.points]\nabandoned = 9\n'
        '[time.lateness_by_source_s]\n"urn:branch:1" = 60\n'
        '[calendars.office]\nzone = "UTC"\nmonday = ["09:00-17:00"]\nholidays = [2026-12-25]\n'
    )
    run = throughline("calibrate", log(300), "--policy", "own.toml", "--out", "new.toml")
    assert run.code == 0
    own, new = policy.load(Path("own.toml")), policy.load(Path("new.toml"))
    assert new.version == "autumn-calibrated"
    assert new.rules.effort.half_life_d == 7 and new.rules.effort.points.abandoned == 9
    assert new.rules.time == own.rules.time and new.rules.calendars == own.rules.calendars
    assert new.rules.effort.points != own.rules.effort.points


@pytest.mark.parametrize("same", ["own.toml", "./own.toml"])
def test_policy_in_force_is_never_overwritten(throughline: Throughline, same: str) -> None:
    """To change the file that is in force would be to apply it in silence."""
    Path("own.toml").write_text('version = "autumn"\n')
    run = throughline("calibrate", log(300), "--policy", "own.toml", "--out", same)
    assert (run.code, run.out) == (2, b"")
    assert Path("own.toml").read_text() == 'version = "autumn"\n'
