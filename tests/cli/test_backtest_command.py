"""``throughline backtest``: two policies, one file, where they part."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Throughline

DAY_MS, START_MS = 86_400_000, 1_767_225_600_000


@pytest.fixture
def log() -> Path:
    """Two customers: one calls twice in a week, the other three times."""
    lines = []
    for customer, times in (("c-2", 2), ("c-3", 3)):
        lines += [
            json.dumps({
                "event_id": f"{customer}-{n}", "source": "urn:test", "type": "contact.started",
                "customer_id": customer, "occurred_at": START_MS + n * DAY_MS,
                "contact_id": f"{customer}-{n}", "direction": "inbound", "channel": "phone",
                "reason": {"l1": f"topic-{n}"},
            })
            for n in range(times)
        ]  # fmt: skip
    file = Path("t.jsonl")
    file.write_text("\n".join(lines) + "\n")
    Path("strict.toml").write_text(
        'version = "strict"\n[detectors.contact_frequency]\nweek_contacts = 2\n'
    )
    Path("off.toml").write_text('version = "off"\n[detectors.contact_frequency]\nenabled = false\n')
    return file


def frequency(told: dict) -> dict:
    """What is told of one detector."""
    return next(one for one in told["detectors"] if one["kind"] == "contact_frequency")


def test_two_policies_side_by_side(throughline: Throughline, log: Path) -> None:
    """Counts by detector and day, apart and together, with the load and an example."""
    told = json.loads(
        throughline(
            "backtest", log, "--policy", "off.toml", "--policy", "strict.toml", "--json"
        ).out
    )
    assert told["a"].startswith("off+") and told["b"].startswith("strict+")
    found = frequency(told)
    assert found["fired"] == {"a": 0, "b": 2} == found["only"]
    assert found["asked"] == {"a": False, "b": True}
    assert found["by_day"] == {"2026-01-02": {"a": 0, "b": 2}}
    assert found["load"] == {"a": 0, "b": 500.0}
    assert len(found["samples"]["only_b"]) == 1
    assert len(found["samples"]["only_b"][0]["evidence"]) == 2


def test_one_policy_is_held_against_the_one_in_force(throughline: Throughline, log: Path) -> None:
    """Given once it is B; the third contact is in both, the second only in B."""
    told = json.loads(throughline("backtest", log, "--policy", "strict.toml", "--json").out)
    assert told["a"].startswith("default")
    found = frequency(told)
    assert (found["fired"], found["only"], found["both"]) == (
        {"a": 1, "b": 2}, {"a": 0, "b": 1}, 1,
    )  # fmt: skip


def test_people_read_the_same(throughline: Throughline, log: Path) -> None:
    """The table, an example with its evidence, and what cannot be told."""
    text = throughline("backtest", log, "--policy", "strict.toml").out.decode()
    row = next(line for line in text.splitlines() if "contact_frequency" in line)
    assert row.split()[1:6] == ["1", "2", "0", "1", "1"]
    assert "only B, for example" in text and "c-2-1" in text
    assert "bill_shock: no input of type invoice.issued" in text
    assert "both sides as if nobody had snoozed" in text


def test_as_many_examples_as_asked_for(throughline: Throughline, log: Path) -> None:
    """None, or more."""
    for wanted in (0, 5):
        run = throughline(
            "backtest", log, "--policy", "off.toml", "--policy", "strict.toml",
            "--sample", wanted, "--json",
        )  # fmt: skip
        assert len(frequency(json.loads(run.out))["samples"]["only_b"]) == min(wanted, 2)


@pytest.mark.parametrize("count", [0, 3])
def test_two_are_compared(throughline: Throughline, log: Path, count: int) -> None:
    """None or three policies cannot be held against each other."""
    run = throughline("backtest", log, *["--policy", "strict.toml"] * count)
    assert (run.code, run.out) == (2, b"")
