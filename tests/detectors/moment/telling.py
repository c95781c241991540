"""The words that the specs of moments share."""

from tests.story import Story, told


def end(story: Story) -> str:
    """What became of the moment: the reason of its last alert, three weeks later."""
    return told(story.quiet(days=21))[-1][2]


def served(story: Story, contact_id: str = "k-1", outcome: str = "resolved", **fields) -> Story:
    """The contact is taken after a minute and ends after ten."""
    story.after(minutes=1).tell("contact.answered", contact_id=contact_id, wait_s=60)
    return story.after(minutes=9).tell(
        "contact.ended", contact_id=contact_id, outcome=outcome, **fields
    )


DETECTED = ("trigger", 1, "detected")
MET = ("resolve", 1, "standard_met")
