"""A rule that heard nothing is named, so that its silence is not taken for peace."""

from streams import policy
from streams.replay.blind_spots import FEEDBACK, blind_spots, remarks

QUESTIONS = policy.with_everything(policy.load()).questions
EVERYTHING = {one for question in QUESTIONS for one in question.detector.listens} | FEEDBACK


def spot(kind: str, types: set[str]) -> tuple[bool, str] | None:
    """What is said of a detector over a file with these types."""
    found = {one.kind: (one.deaf, one.why) for one in blind_spots(QUESTIONS, [], types)}
    return found.get(kind)


def test_nothing_to_hear() -> None:
    """Bills that never came: no input, by name."""
    assert spot("escalation_ladder", {"contact.started"}) == (
        True,
        "no input of type contact.escalated in this file",
    )


def test_not_everything_to_hear() -> None:
    """A log without replies: the rule about missing ones still fires, and one should know."""
    types = EVERYTHING - {"case.response_sent"}
    assert spot("unanswered_inquiry", types) == (False, "not in this file: case.response_sent")


def test_everything_to_hear() -> None:
    """Nothing is said where nothing is missing; what the engine itself tells is never missing."""
    assert blind_spots(QUESTIONS, [], EVERYTHING) == []
    assert spot("cumulative_effort", {"contact.started"}) is None


def test_nobody_says_what_people_did() -> None:
    """A log without feedback would show every alert as left lying: that is no finding."""
    assert spot("alert_unactioned", EVERYTHING) is None
    deaf, why = spot("alert_unactioned", EVERYTHING - FEEDBACK) or (False, "")
    assert deaf and "people" in why


def test_cohorts_are_not_replayed() -> None:
    """Rules about whole cohorts need a second stage."""
    (found,) = blind_spots([], ["green_ops_red_outcome"], EVERYTHING)
    assert found.deaf and "cohorts" in found.why


def test_many_types_are_cut_short() -> None:
    """Four names and how many more."""
    _, why = spot("stale_issue", {"contact.started"}) or (False, "")
    assert why.count(",") == 3 and " more" in why


def test_what_holds_for_all_of_it() -> None:
    """What people did, and what is history, is said once."""
    without = " ".join(remarks({"contact.started"}, 0))
    assert "as if nobody had snoozed" in without and "backfill" not in without
    told = " ".join(remarks({"alert.snoozed"}, 1_200))
    assert "may be about an alert that never was" in told and "1,200 touchpoints" in told
