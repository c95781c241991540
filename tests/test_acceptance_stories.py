"""The articles' own stories, told to the whole catalogue (catalogue section 9).

What they say must be said, and the effort detectors must say nothing else of a smooth story.
"""

from tests.story import Story

EFFORT = "effort"


def effort_kinds(story):
    """Kinds of effort alerts triggered so far, sorted."""
    return sorted(
        {a["kind"] for a in story.alerts if a["family"] == EFFORT and a["action"] == "trigger"}
    )


def of(story, kind):
    """The alerts of one kind."""
    return [a for a in story.alerts if a["kind"] == kind]


def test_story_1_forty_minutes_of_menu_and_a_nine_of_ten():
    """Forty minutes of menu, two cold transfers, three repeated questions; satisfaction 9 of 10.

    The score says well done; the way says otherwise: EF3, EF4, EF7 and EF10, index 69.
    """
    story = Story().contact(reason="line/fault").after(minutes=40)
    story.tell("ivr.segment_ended", contact_id="k-1", duration_s=2400, exit="agent")
    for source, target in (("front", "billing"), ("billing", "tech")):
        story.after(minutes=3).tell(
            "contact.info_requested", contact_id="k-1", item="account_number", already_given=True
        )
        story.after(minutes=3).tell(
            "contact.transferred", contact_id="k-1", mode="cold", from_queue=source, to_queue=target
        )
    story.after(minutes=3).tell(
        "contact.info_requested", contact_id="k-1", item="account_number", already_given=True
    )
    story.after(minutes=9).tell("contact.ended", contact_id="k-1", outcome="resolved")
    story.after(minutes=30).tell(
        "survey.responded",
        contact_id="k-1",
        kind="csat",
        score=9,
        scale_min=0,
        scale_max=10,
        higher_is_better=True,
    )

    assert effort_kinds(story) == [
        "cumulative_effort",
        "masked_effort",
        "repeat_information",
        "transfer_burden",
        "wait_excess",
    ]
    masked = of(story, "masked_effort")
    assert [(a["action"], a["severity"]) for a in masked] == [("trigger", 4)]
    assert abs(masked[0]["jei"]["value"] - 69) <= 1
    assert abs(masked[0]["number"] - 69) <= 1


def test_story_6_one_contact_after_smooth_onboarding():
    """The same contact means little here: a first, minor question after all went well.

    That it is the first is told, for information, and that it was handled as it should be.
    """
    story = Story().tell("onboarding.started", plan_id="p-1")
    for step in (1, 2):
        story.after(days=1).tell("onboarding.step_completed", step=f"s-{step}", step_no=step)
    story.tell("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.after(days=1).tell("onboarding.completed").after(days=3).contact(reason="how/to")
    story.after(minutes=6).tell("contact.ended", contact_id="k-1", outcome="resolved")

    assert effort_kinds(story) == []
    story.quiet(days=20)
    assert [(a["kind"], a["severity"], a["reason"]["code"]) for a in story.alerts] == [
        ("first_contact_after_onboarding", 1, "detected"),
        ("first_contact_after_onboarding", 1, "detected"),
    ]
    assert [a["resolved_reason"] for a in story.alerts] == [None, "standard_met"]


def test_story_6_the_fifth_contact_after_hard_onboarding():
    """And much here: onboarding failed twice, errors, and it is the fifth time."""
    story = Story().tell("onboarding.started", plan_id="p-1")
    for _ in range(2):
        story.after(days=1).tell("onboarding.step_failed", step="s-1", step_no=1)
    story.after(days=1).tell("onboarding.completed")
    story.after(days=1).tell("product.error", severity=3, feature="export", code="e-1")
    for number in range(1, 6):
        story.after(days=2).contact(reason="export/fails")
        story.after(minutes=9).tell("contact.ended", contact_id=f"k-{number}", outcome="pending")

    repeats = of(story, "repeat_contact")
    # The top at the fourth already: two moments of truth have been mishandled by then.
    assert repeats[-1]["severity"] == 5 and repeats[-1]["number"] == 4
    assert of(story, "cumulative_effort")[-1]["reason"]["code"] == "effort_high"
    (compounding,) = of(story, "compounding_friction")
    assert compounding["reason"]["text"].endswith("onboarding, product, support")
    moment = [a["reason"]["code"] for a in of(story, "first_contact_after_onboarding")]
    assert moment[0] == "detected" and moment[1].startswith("mishandled_")


def test_story_8_three_good_one_poor():
    """Five, five, four, two: the mean is a good four, and the customer remembers the two."""
    story = Story()
    for number, score in enumerate((5, 5, 4, 2), start=1):
        assert of(story, "inconsistent_experience") == []
        story.after(days=10).contact(reason=f"how/to-{number}").after(minutes=6)
        story.tell("contact.ended", contact_id=f"k-{number}", outcome="resolved").after(minutes=5)
        story.tell(
            "survey.responded",
            contact_id=f"k-{number}",
            kind="csat",
            score=score,
            scale_min=1,
            scale_max=5,
            higher_is_better=True,
        )

    (alert,) = of(story, "inconsistent_experience")
    assert (alert["severity"], alert["number"]) == (3, 2)
    assert "the mean of the last 4 is still 4.0" in alert["reason"]["text"]
    scored = [e for e in alert["evidence"] if e["type"] == "survey.responded"]
    assert len(scored) == 4


def test_story_12_told_again_it_is_the_same_to_the_byte():
    """Replayed, the same records give the same alert ids and the same evidence."""
    stories = []
    for _ in range(2):
        test = Story()
        for _ in range(4):
            test.contact().after(days=2)
        stories.append(test.quiet(days=40))

    told, again = ([send.value for send in s.house.sends] for s in stories)
    assert told and told == again
