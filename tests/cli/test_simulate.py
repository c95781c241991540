"""``throughline simulate``: the same arguments, the same bytes, and the truth about them."""

import json
from pathlib import Path

from streams.simulator.stories import stories
from tests.cli.conftest import Throughline


def test_same_arguments_same_bytes(throughline: Throughline) -> None:
    """Byte-reproducible, the truth included; another seed is another company."""
    first = throughline("simulate", "--customers", 50, "--days", 20, "--truth", "a")
    again = throughline("simulate", "--customers", 50, "--days", 20, "--truth", "b")
    assert first.out == again.out and Path("a").read_bytes() == Path("b").read_bytes()
    assert throughline("simulate", "--customers", 50, "--days", 20, "--seed", 8).out != first.out


def test_everything_can_be_sent(throughline: Throughline) -> None:
    """What is simulated passes the strict check of producers."""
    Path("t").write_bytes(throughline("simulate", "--customers", 50, "--days", 20).out)
    assert throughline("validate", "t").code == 0


def test_truth_names_who_lives_which_story(throughline: Throughline) -> None:
    """One line a planted story, its customer in the log, with what must be found in it."""
    run = throughline("simulate", "--customers", 100, "--days", 40, "--truth", "truth")
    customers = {json.loads(line)["customer_id"] for line in run.lines}
    truth = [json.loads(line) for line in Path("truth").read_text().splitlines()]
    assert {line["customer_id"] for line in truth} <= customers
    for line in truth:
        assert set(line["expects"]) == stories()[line["story"]].expects


def test_story_can_be_chosen(throughline: Throughline) -> None:
    """Only the stories named are planted, at the shares given."""
    throughline(
        "simulate", "--customers", 100, "--days", 20, "--story", "transfer_ping_pong=0.1",
        "--truth", "truth",
    )  # fmt: skip
    told = [json.loads(line)["story"] for line in Path("truth").read_text().splitlines()]
    assert told == ["transfer_ping_pong"] * 10


def test_unreadable_records_can_be_mixed_in(throughline: Throughline) -> None:
    """So many, of every kind in turn, among the good ones and not in a heap."""
    clean = throughline("simulate", "--customers", 50, "--days", 20).out.splitlines()
    mixed = throughline("simulate", "--customers", 50, "--days", 20, "--spoiled", 80).out
    Path("t").write_bytes(mixed)
    told = json.loads(throughline("replay", "t", "--json").out)
    assert (told["touchpoints"], told["dead_letters"]) == (len(clean) + 80, 80)
    bad = [n for n, line in enumerate(mixed.splitlines()) if line not in set(clean)]
    assert bad[0] < len(clean) * 0.2 and bad[-1] > len(clean) * 0.8


def test_no_such_story(throughline: Throughline) -> None:
    """A misspelt story is named, and where to find the right ones."""
    run = throughline("simulate", "--story", "ping_pong=0.1")
    assert (run.code, run.out) == (2, b"")
    assert "ping_pong" in run.err and "--stories" in run.err
    assert throughline("simulate", "--story", "bill_shock").code == 2
    assert throughline("simulate", "--start", "monday").code == 2


def test_stories_are_listed(throughline: Throughline) -> None:
    """Every story with its words and what it must raise."""
    told = throughline("simulate", "--stories").out.decode()
    for story in stories().values():
        assert f"\n{story.name}  (" in "\n" + told
