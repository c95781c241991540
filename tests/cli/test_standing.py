"""What ``journey show`` says of how a customer stands, before it says why."""

from streams import policy
from streams.cli.standing import standing
from streams.replay.snapshot import snapshot
from tests.story import Story

POLICY = policy.load()
CSAT = {"kind": "csat", "scale_min": 1, "scale_max": 5, "higher_is_better": True}


def lines(story: Story) -> list[str]:
    """The lines for the story's customer as of its now."""
    journey = story.house.line.codec.decode(story.house.journeys[b"c-1"])
    return list(standing(snapshot(journey, story.now_ms, POLICY.rules, POLICY.questions)))


def test_somebody_of_whom_little_is_known():
    """No scores where there is nothing to score, and no line with nothing in it."""
    (told,) = lines(Story().tell("trial.started"))

    assert told.startswith("  scores        outcome -  interaction -  effort -  consistency -  ")


def test_scores_health_stage_ratings_and_moments():
    """All of it at a glance, before the arithmetic."""
    story = Story().tell("customer.profile_changed", segment="smb", tier="2")
    story.tell("onboarding.started").after(days=2).tell("onboarding.completed")
    story.after(days=1).contact().after(days=1).contact()
    for score in (5, 3):
        story.after(hours=1).tell("survey.responded", score=score, contact_id="k-2", **CSAT)
    told = lines(story.tell("referral.made"))

    assert told[0].startswith("  scores        outcome 7")
    assert told[1].startswith("  health        ") and "support" in told[1]
    assert told[2] == "  stage         active  since 2026-01-03  segment smb  tier 2  advocate"
    assert told[3] == "  last rating   csat 50  -50 to the own mean  2026-01-05"
    assert told[4].startswith("  moment        first contact after onboarding  2026-01-04  ")
