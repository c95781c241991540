"""The census: what a log of incidents shows, counted from its touchpoints alone."""

from pathlib import Path
from typing import Any

import pytest

from streams.adapters.servicenow import UNKNOWN_CALLER, census, read

EXCERPT = Path(__file__).parent / "data" / "servicenow_excerpt.csv"


def test_census_of_the_excerpt_counted_by_hand() -> None:
    """Every line of the data set's published table, recounted by hand on 20 incidents.

    Group paths: 47: 70-24. 86: 70-23. 130: 72-73. 5690: 36-70-36. 6380: 55-70. 10761: 70-55-70.
    10763: 70-39-55-70 at 18:27, 18:38, 19:03. Reopened: 715 twice, 11848 once. Slow: 715, 3749,
    28089. Caller 2403 opened three on 29 Feb 2016 and two a year later; 14 others opened one each.
    """
    assert [counted.values for counted in census(read(EXCERPT))] == [
        (11, 7),
        (3, 1, 0, 0),
        (2, 2),
        (3,),
        (1, 1, 1),
        (2, 3),
        (3,),
        (1, 15),
        (1,),
        (20, 1),
    ]


def moved(minutes: int, before: str, after: str, case_id: str = "case-1") -> dict[str, Any]:
    """A hand-over so many minutes into a day."""
    return {
        "type": "case.reassigned",
        "customer_id": "caller-1",
        "case_id": case_id,
        "occurred_at": f"2016-03-01T{minutes // 60:02d}:{minutes % 60:02d}:00Z",
        "from_group": before,
        "to_group": after,
    }


@pytest.mark.parametrize(("third_min", "bursts"), [(60, (1, 1, 1)), (61, (0, 1, 1))])
def test_burst_window_includes_its_limit(third_min: int, bursts: tuple[int, ...]) -> None:
    """Three transfers with t3 - t1 = 1 h are a burst; a minute more and they are not."""
    path = [moved(0, "A", "B"), moved(30, "B", "C"), moved(third_min, "C", "D")]
    assert census(path)[4].values == bursts


def test_ping_pong_is_there_and_back_at_once() -> None:
    """A, B, A counts once, A, B, A, B twice, A, B, C, A is a return and no ping-pong."""
    there_and_back = [moved(0, "A", "B"), moved(1, "B", "A"), moved(2, "A", "B")]
    round_about = [
        moved(m, a, b, "case-2") for m, a, b in ((0, "A", "B"), (1, "B", "C"), (2, "C", "A"))
    ]
    table = census([*there_and_back, *round_about])
    assert table[2].values == (1, 2)
    assert table[3].values == (2,)


@pytest.mark.parametrize(("seconds", "slow"), [(7 * 86_400, 0), (7 * 86_400 + 1, 1)])
def test_later_than_seven_days_excludes_seven_days(seconds: int, slow: int) -> None:
    """Resolved after exactly seven days is not later than seven days."""
    verdict = {
        "type": "sla.result",
        "metric": "resolution",
        "case_id": "case-1",
        "customer_id": "caller-1",
        "actual_s": seconds,
    }
    assert census([verdict])[6].values == (slow,)


def test_callers_nobody_knows_are_not_counted_as_callers() -> None:
    """An incident that stands for its own caller says nothing about repeat contacts."""
    opened = {"type": "case.opened", "case_id": "case-1", "occurred_at": "2016-03-01T00:00:00Z"}
    table = census([{**opened, "customer_id": f"{UNKNOWN_CALLER}case-1"}] * 2)
    assert table[7].values == (0, 0)
