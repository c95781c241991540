"""What is too old to matter is forgotten once a week, and what still matters is not."""

from streams.engine.rules import LimitRules
from tests.engine.probe import clear, find, probed
from tests.story import DAY_MS, Story, journey_of, policy_of

KEEP_D, KEEP_OPEN_D = LimitRules().keep_d, LimitRules().keep_open_d


def passing(story, days):
    """So many days later, something else happens that has nothing to do with it."""
    return story.after(days=days).tell("invoice.viewed", invoice_id="v-1")


def test_a_resolved_issue_is_forgotten_after_a_while():
    """Resolved and quiet for ``keep_d`` days: gone, with its contact."""
    story = Story().contact().tell("contact.ended", contact_id="k-1", outcome="resolved")
    assert len(journey_of(passing(story, KEEP_D - 1)).issues) == 1

    later = journey_of(passing(story, 8))
    assert later.issues == [] and later.contacts == []


def test_an_open_issue_is_kept_for_longer():
    """Nobody said that it is resolved: it is remembered for ``keep_open_d`` days."""
    story = Story().contact()
    assert len(journey_of(passing(story, KEEP_OPEN_D - 1)).issues) == 1
    assert journey_of(passing(story, 8)).issues == []


def test_an_issue_with_an_open_case_is_kept_with_it():
    """As long as the case is known, so is what it is about."""
    story = Story().tell("case.opened", case_id="s-1").contact(case_id="s-1")
    story.tell("contact.ended", contact_id="k-1", outcome="resolved")
    journey = journey_of(passing(story, KEEP_OPEN_D - 1))

    assert [case.case_id for case in journey.cases] == ["s-1"]
    assert len(journey.issues) == 1


def test_a_closed_case_is_forgotten():
    """Resolved and quiet: gone."""
    story = Story().tell("case.opened", case_id="s-1").tell("case.resolved", case_id="s-1")

    assert journey_of(passing(story, KEEP_D + 1)).cases == []


def test_evidence_is_kept_over_several_bills():
    """A bill is compared with those of the months before: they must be there to be shown."""
    story = Story().contact()
    assert journey_of(passing(story, 100)).recent
    assert not journey_of(passing(story, KEEP_OPEN_D)).recent


def test_an_episode_is_kept_while_it_is_open_or_may_reopen():
    """Open it is kept however old; resolved only as long as it could reopen."""
    story = find(probed(), 2)
    assert len(journey_of(passing(story, 300)).episodes) == 1

    clear(story)
    assert len(journey_of(passing(story, 7)).episodes) == 1
    assert journey_of(passing(story, 7)).episodes == []


def test_a_promise_that_was_broken_long_ago_is_forgotten():
    """One that may still be kept is not."""
    story = Story()
    for name, days in (("p-1", 1), ("p-2", 300)):
        story.tell(
            "promise.made", promise_id=name, kind="refund", due_at=story.now_ms + days * DAY_MS
        )

    assert [p.promise_id for p in journey_of(passing(story, KEEP_D + 5)).promises] == ["p-2"]


def test_effort_that_has_decayed_away_leaves_nothing():
    """After half a year nothing is left of one contact; what was just spent is."""
    story = Story().contact()
    passing(story, 200)
    assert journey_of(story).effort.parts == {} and journey_of(story).effort.top == []

    assert list(journey_of(story.contact()).effort.parts) == ["first_contact"]


def test_a_memory_that_is_blank_is_not_kept():
    """A detector that has forgotten everything takes no room."""
    story = Story().contact()
    for _ in range(5):
        story.after(days=1).contact()
    assert journey_of(story).memories.contact_frequency is not None

    story.quiet(days=60)
    assert journey_of(passing(story, 0)).memories.contact_frequency is None


def test_it_is_done_once_a_week():
    """The first touchpoint seven days after the last sweep sweeps; those before do not."""
    story = Story().contact()
    day = journey_of(story).swept_day
    assert journey_of(passing(story, 6.9)).swept_day == day
    assert journey_of(passing(story, 0.2)).swept_day == day + 7


def test_how_long_is_the_policys():
    """With two days, two days."""
    story = Story(policy_of(limits={"keep_d": 2, "keep_open_d": 2}))

    assert journey_of(passing(story.contact(), 7)).issues == []
