"""Time to talk about renewal (MO3)."""

import pytest

from tests.detectors.moment.telling import end, served
from tests.story import Story, policy_of, told

KIND = "renewal_conversation"
END_DAY = "2026-07-01"  # the 182nd day of the stories


def known(days=121, policy=None):
    """A customer known for four months; the first of May is a Friday, so it is Saturday."""
    story = Story(policy, only=KIND).tell("customer.profile_changed", segment="business")
    return story.after(days=days)


def window(story=None, **fields):
    """The renewal window opens, sixty days before the end."""
    return (story or known()).tell("renewal.window_opened", ends_on=END_DAY, **fields)


def touched(story=None, **fields):
    """We turned to them thirty days ago, without being asked."""
    story = story or known(91)
    return story.tell("account.touch", kind="review", **fields).after(days=30)


def test_the_window_opens_on_unprepared_ground():
    """Told at once: the days left, no proactive touch, and one open issue."""
    story = window(known().contact("product/report"))

    alert = story.alerts[0]
    assert alert["reason"]["code"] == "detected"
    assert alert["reason"]["text"] == (
        "60 days to the end of the contract, renewal is due: no proactive touch in 90 days, "
        "1 open issue"
    )
    assert alert["number"] == pytest.approx(60, abs=1)


def test_the_severity_is_that_of_the_renewal_window():
    """One more than information, as everything is in the last ninety days of a contract."""
    assert [line[:2] for line in told(window())] == [("trigger", 2)]


def test_prepared_ground_and_the_standard_met():
    """A review a month ago, nothing open: nothing is owed."""
    story = window(touched()).quiet(days=20)

    assert [line[2] for line in told(story)] == ["detected", "standard_met"]
    assert story.alerts[0]["reason"]["text"].endswith("the ground is prepared")


def test_no_touch_before_and_no_word_after():
    """Two days after the window opened nobody has turned to them either."""
    story = window().quiet(days=5)

    assert [line[2] for line in told(story)] == ["detected", "mishandled_follow_up"]
    assert story.alerts[1]["severity"] == 5


@pytest.mark.parametrize(
    "word",
    [
        lambda s: s.tell("account.touch", kind="check_in"),
        lambda s: s.tell("renewal.conversation", initiator="company", tone="relational"),
        lambda s: s.contact("renewal/talk", direction="outbound"),
    ],
)
def test_a_word_in_time(word):
    """A check-in, a talk, a call within two days."""
    assert end(word(window().after(hours=40))) == "standard_met"


@pytest.mark.parametrize(
    ("story", "flag"),
    [
        (touched(known(1)).after(days=90), True),
        (touched(known(31)).after(days=60.1), True),
        (touched(proactive=False), True),
        (touched(proactive=True), False),
    ],
)
def test_which_touch_counts(story, flag):
    """Not one of more than ninety days ago, and not one that the customer asked for."""
    text = window(story).alerts[0]["reason"]["text"]

    assert ("no proactive touch" in text) is flag


def test_an_open_issue_must_be_settled_first():
    """Open when the window opened: solved, or a date given, within a day of ours."""
    story = window(touched().contact("product/report")).quiet(days=6)

    assert [line[2] for line in told(story)] == ["detected", "mishandled_resolution"]


def test_every_open_issue_must_be():
    """Two were open, one was solved."""
    story = touched().contact("product/report").contact("billing/bill")
    assert end(served(window(story), "k-1")) == "mishandled_resolution"

    story = touched().contact("product/report").contact("billing/bill")
    assert end(served(served(window(story), "k-1"), "k-2")) == "standard_met"


def test_a_talk_that_is_all_business():
    """The tone is told, and is no part of the standard."""
    story = touched().tell("renewal.conversation", tone="transactional", initiator="company")

    assert "a tone that is all business" in story.alerts[0]["reason"]["text"]
    assert end(story) == "standard_met"


def test_the_customer_speaks_of_it_first():
    """They asked, so an answer is due."""
    story = touched().tell("renewal.conversation", initiator="customer")

    assert end(story) == "mishandled_response"


def test_a_talk_within_the_window_is_the_same_moment():
    """Opened, talked about the next day: one moment, one alert."""
    story = window().after(days=1).tell("renewal.conversation", initiator="company")

    assert len(told(story)) == 1


def test_decided_it_is_over():
    """Nothing is owed after the decision."""
    story = window(known().contact("product/report")).after(hours=5)

    assert end(story.tell("renewal.decided", outcome="renewed")) == "standard_met"


def test_the_end_of_a_contract_alone_is_no_moment():
    """Nobody has opened a window."""
    story = known().tell("account.contract_changed", ends_on=END_DAY, acv_minor=5, currency="EUR")

    assert told(story.quiet(days=30)) == []


def test_how_far_back_a_touch_counts_is_the_policys():
    """Twenty days."""
    policy = policy_of(detectors={KIND: {"touch_d": 20}})
    text = window(touched(known(91, policy))).alerts[0]["reason"]["text"]

    assert "no proactive touch in 20 days" in text


def test_a_crash_loses_nothing():
    """The touch, the window, the clock."""
    story = window(touched().crash()).crash().quiet(days=20)

    assert [line[2] for line in told(story)] == ["detected", "standard_met"]
