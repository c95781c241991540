"""The vocabulary of expectations: every kind of one customer there is, and moments mishandled."""

from streams import catalogue
from streams.simulator.kinds import FAILED, KINDS, MISHANDLED, MOMENTS, WORDS, words


def test_every_detector_of_one_customer_can_be_expected() -> None:
    """No kind of the catalogue is without its word; families of the crowd have none."""
    kinds = {entry.kind for entry in catalogue.entries() if entry.family != "systemic"}
    assert kinds <= WORDS


def test_that_there_was_a_moment_is_no_fault_and_that_it_was_mishandled_is() -> None:
    """An alert about a moment amounts to the moment; about a missed standard, to both."""
    assert words("leaving", "detected") == ("leaving",)
    assert words("leaving", "mishandled_answer") == ("leaving", "leaving:mishandled")
    assert words("bill_shock", "bill_shock") == ("bill_shock",)
    assert MOMENTS.isdisjoint(KINDS) and MISHANDLED.isdisjoint(KINDS)


def test_that_a_recovery_is_watched_is_no_fault_and_that_it_failed_is() -> None:
    """Like a moment: the kind alone is for information."""
    assert words("recovery_verified", "under_watch") == ("recovery_verified",)
    assert words("recovery_verified", "recovery_failed") == ("recovery_verified", FAILED)
    assert FAILED in WORDS
