"""What the pages print works, and what they link to is there."""

import json
import re
from pathlib import Path

import pytest

from streams import catalogue, policy
from streams.cli import reference
from streams.engine.detector import Detector
from streams.engine.judgement import Question
from streams.engine.record import Record
from streams.line import Line
from streams.wire import jsonl
from streams.wire.touchpoint import Unreadable, read_strictly
from tests.pages import KINDS, PAGES, ROOT, Block, blocks, named, type_in
from tests.story import House, Story

LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def test_every_block_says_how_it_is_run() -> None:
    """A block whose kind nobody knows would never be run."""
    assert {block.kind for block in blocks()} <= KINDS


@pytest.mark.parametrize("page", sorted({block.page for block in blocks("console")}))
def test_console_blocks(page: str, tmp_path: Path) -> None:
    """Typed as they stand, one after the other from an empty folder, they work."""
    for block in blocks("console"):
        if block.page == page:
            told = type_in(block.text, tmp_path, {})
            if "grep" in block.text:  # the customer looked at is one of the story that was sought
                assert "masked_effort" in told


@pytest.mark.parametrize("block", blocks("console repository"), ids=named)
def test_console_block_in_the_checkout(block: Block) -> None:
    """Typed as it stands, in the checkout, it works."""
    assert type_in(block.text, ROOT, {})


@pytest.mark.parametrize("block", blocks("json touchpoint"), ids=named)
def test_touchpoint(block: Block) -> None:
    """An example passes the strict check."""
    line = json.dumps(json.loads(block.text)).encode()
    carried = jsonl.read(line)
    verdict = read_strictly(Record(0, carried.timestamp_ms, carried.key, carried.value))
    assert not isinstance(verdict, Unreadable), verdict


@pytest.mark.parametrize("block", blocks("toml policy"), ids=named)
def test_policy(block: Block, tmp_path: Path) -> None:
    """An example is a policy that can be used."""
    file = tmp_path / "policy.toml"
    file.write_text(block.text)
    assert policy.load(file).rules.label != policy.load().rules.label


@pytest.mark.parametrize("block", blocks("python detector"), ids=named)
def test_detector(block: Block) -> None:
    """An example is a detector: it fires at its threshold and is silent below."""
    names: dict[str, object] = {}
    exec(compile(block.text, block.page, "exec"), names)
    detector = names["DETECTOR"]
    assert isinstance(detector, Detector) and names["__doc__"]
    house = House()
    house.line = Line(policy.load().rules, [Question("effort", "example", detector)], 1)
    house.desk = house.line.open(0, None, {})
    story = Story()
    story.house = house
    for number, wait_s in enumerate((119, 120), start=1):
        story.contact().tell("contact.abandoned", contact_id=f"k-{number}", wait_s=wait_s)
    assert [(a["kind"], a["object_id"]) for a in story.alerts] == [("example", "k-2")]


def test_commands_page_is_current() -> None:
    """Made anew it is what it is: ``python -m streams.cli.reference > docs/commands.md``."""
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == reference.page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of ours finds it."""
    for target in LINK.findall(page.read_text("utf-8")):
        if not target.startswith(("http", "mailto:")):
            assert (page.parent / target).exists(), target


def test_pages_name_only_commands_that_there_are() -> None:
    """Nothing is said of a command that does not exist."""
    known = {line.split()[1] for line in reference.page().splitlines() if line.startswith("## ")}
    for page in PAGES:
        for name in re.findall(r"`throughline ([a-z]+)", page.read_text("utf-8")):
            assert name in known, (page.name, name)


def test_refusals_are_explained_to_operations() -> None:
    """Every named reason to stop has its line in the page for operations."""
    named_ones = set()
    for source in [*(ROOT / "streams").rglob("*.py")]:
        named_ones |= set(re.findall(r'Refusal\(\s*"([a-z_]+)"', source.read_text("utf-8")))
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert {name for name in named_ones if f"`{name}`" not in page} == set()


def test_number_of_types_is_the_contracts() -> None:
    """Where a page says how many types there are, it counts right; and kinds named are there."""
    from schemas.touchpoints import TYPES

    for page in PAGES:
        for count in re.findall(r"(\d+) (?:touchpoint )?types", page.read_text("utf-8")):
            assert int(count) == len(TYPES), page.name
    assert "transfer_burden" in {entry.kind for entry in catalogue.entries()}
