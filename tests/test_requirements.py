"""Nothing that was asked for is without a test or a page, and the table says which."""

import re

from tests import requirements
from tests.requirements import CONTEXT_ONLY, NOT_YET, PAGE, TITLES

COUNTS = {"S0": 25, "S1": 33, "S2": 25, "S3": 29, "S4": 33}


def test_everything_asked_for_is_listed() -> None:
    """Every id of the five articles, each with a title of its own."""
    wanted = {f"{prefix}-{n:02d}" for prefix, most in COUNTS.items() for n in range(1, most + 1)}
    assert set(TITLES) == wanted >= CONTEXT_ONLY
    assert len(set(TITLES.values())) == len(TITLES)


def test_nothing_is_empty_but_what_is_said_to_be() -> None:
    """For each requirement there is a detector with its spec, a test, or a page. What has none yet is
    listed as such, and that list only gets shorter."""
    assert set(requirements.empty()) == NOT_YET


def test_nobody_names_what_was_not_asked_for() -> None:
    """An id that does not exist is a slip of the pen."""
    assert set(requirements.proofs()) <= set(TITLES)


def test_the_page_is_current() -> None:
    """Else: ``python -m tests.requirements``."""
    assert PAGE.read_text("utf-8") == requirements.page()


def test_every_row_leads_somewhere() -> None:
    """One row an id, and every link of it to a file that is there."""
    rows = re.findall(r"^\| (S\d-\d\d) \|.*\| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == list(TITLES)
    for name, proofs in rows:
        links = re.findall(r"\]\(\.\./([^)]+)\)", proofs)
        assert links or name in CONTEXT_ONLY | NOT_YET
        assert all((requirements.ROOT / link).is_file() for link in links)
