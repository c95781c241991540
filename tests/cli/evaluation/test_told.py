"""An evaluation told: what is a fault and what is excused, as a table and as an object."""

import pytest

from streams.cli.evaluation import told
from streams.cli.evaluation.cost import Cost
from streams.cli.evaluation.size import Longest
from streams.cli.evaluation.tally import OfKind, Tally
from streams.cli.evaluation.told import Evaluation, as_json, duration, lines


def evaluation() -> Evaluation:
    """Two detectors: one perfect, one that missed a story and spoke in another."""
    tally = Tally(touchpoints=1_000, customers=20, stories=7, background_days=1_000)
    tally.kinds["sharp"] = OfKind(2, 2, 1, 1, 0, 0, [0, 7_200_000], 3, 5)
    tally.kinds["blunt"] = OfKind(2, 1, 3, 1, 1, 1, [60_000])
    tally.missed["loss", "blunt"] = 1
    tally.wrong["quiet", "blunt"] = 1
    costs = {"sharp": Cost(400, 0.5), "blunt": Cost(4_000, 0.25)}
    grown = Longest(900, 800, 1_200, {"recent": 900})
    return Evaluation(tally, costs, grown, grown, "p+1", 7)


def test_what_was_missed_or_said_for_nothing_is_a_fault() -> None:
    """One sentence each, with the story."""
    missed, wrong = evaluation().faults()
    assert "blunt" in missed and "'loss'" in missed
    assert "blunt" in wrong and "'quiet'" in wrong


def test_a_written_reason_excuses_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has its reason is no fault, and the reason is printed with the table."""
    monkeypatch.setitem(told.MISSED, ("loss", "blunt"), "because")
    monkeypatch.setitem(told.RAISED, ("quiet", "blunt"), "for a reason")
    assert evaluation().faults() == []
    text = "\n".join(lines(evaluation()))
    assert "blunt in loss: because" in text and "for a reason" in text


def test_object_has_shares_delays_load_and_cost() -> None:
    """Recall 1 and precision 1 for the sharp one; half of each for the other."""
    content = as_json(evaluation())
    sharp, blunt = content["detectors"]["sharp"], content["detectors"]["blunt"]
    assert (sharp["recall"], sharp["precision"], sharp["delay_p90_s"]) == (1.0, 1.0, 0)
    assert (blunt["recall"], blunt["precision"], blunt["delay_median_s"]) == (0.5, 0.5, 60)
    assert sharp["background_per_1000_a_day"] == content["alerts_per_1000_customers_a_day"] == 3.0
    assert content["for_information_per_1000_customers_a_day"] == 5.0
    assert (sharp["call_ns"], sharp["touchpoint_ns"]) == (400, 200.0)
    assert content["cost_ns_per_touchpoint"] == 1_200
    assert content["missed"] == [["loss", "blunt", 1]] and len(content["faults"]) == 2


def test_all_that_is_said_counts_as_load_but_for_what_is_not_asked() -> None:
    """Also what only informs has to be read; a kind the policy does not ask is shown beside it."""
    found = evaluation()
    assert as_json(found)["load_per_1000_customers_a_day"] == 8.0
    assert any("load: 8.00" in line and "(below 10)" in line for line in lines(found))
    found.on_request = frozenset({"sharp"})
    assert as_json(found)["load_per_1000_customers_a_day"] == 0.0
    assert any("no part of the load: sharp" in line for line in lines(found))


def test_table_has_a_line_for_each_and_marks_the_dear_one() -> None:
    """One line a detector, sums below, faults at the end."""
    text = list(lines(evaluation()))
    (sharp,) = (line for line in text if line.startswith("sharp"))
    (blunt,) = (line for line in text if line.startswith("blunt"))
    assert "1.00" in sharp and not sharp.endswith("!")
    assert "0.50" in blunt and blunt.endswith("1000!")
    assert text[-2].startswith("! blunt") and text[-1].startswith("! blunt")
    assert any("8.00 alerts per 1,000 customers" in line for line in text)


@pytest.mark.parametrize(
    ("seconds", "short"),
    [(None, "-"), (0, "0"), (45, "45 s"), (720, "12 min"), (90_000, "25.0 h"), (259_200, "3.0 d")],
)
def test_durations_are_short(seconds: int | None, short: str) -> None:
    """In the unit in which people think of them."""
    assert duration(seconds) == short
