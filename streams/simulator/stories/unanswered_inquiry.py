"""A mail that gets an automatic receipt and then nothing, ever."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"unanswered_inquiry", "stale_issue"})
SILENT = frozenset(
    {
        "repeat_contact",
        "transfer_burden",
        "false_resolution",
        "contact_frequency",
        "cumulative_effort",
    }
)
SPAN_D = 6
SINCE = {"unanswered_inquiry": ("contact.started", 1), "stale_issue": ("contact.started", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    case_id = story.name("case")
    mail = story.contact("account", "data_export", channel="email", case_id=case_id)
    story.say("case.opened", case_id=case_id, contact_id=mail, channel="email", priority=3)
    story.after(minutes=1)
    story.say(
        "case.response_sent", case_id=case_id, kind="auto", substantive=False, next_step=False,
        direction="outbound", channel="email",
    )  # fmt: skip
    return story.touchpoints
