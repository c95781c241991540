"""The telecom call: a politely scored ordeal (catalogue section 9, story 1; S3-15).

Forty minutes in the voice menu, two cold transfers, three times the account number that was already
given, and at the end a satisfaction score of 9 out of 10, because the last agent was kind.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset(
    {"transfer_burden", "repeat_information", "wait_excess", "cumulative_effort", "masked_effort"}
)
SILENT = frozenset(
    {
        "repeat_contact",
        "contact_frequency",
        "bad_experience_score",
        "escalation_ladder",
        "stale_issue",
    }
)
SPAN_D = 5
SINCE = {
    "transfer_burden": ("contact.transferred", 2),
    "repeat_information": ("contact.info_requested", 2),
    "wait_excess": ("ivr.segment_ended", 1),
    "cumulative_effort": ("contact.started", 1),
    "masked_effort": ("survey.responded", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "no_connection")
    story.after(minutes=40)
    story.say(
        "ivr.segment_ended", contact_id=call, duration_s=2400, menu_depth=6, loops=3, no_match=4,
        zero_out=True, exit="agent",
    )  # fmt: skip
    story.after(seconds=60)
    story.say("contact.answered", contact_id=call, queue="general", wait_s=60, context_loaded=True)
    _asked_again(story, call)
    for source, target in (("general", "billing"), ("billing", "technical")):
        story.about(minutes=4)
        story.say(
            "contact.transferred", contact_id=call, mode="cold", from_queue=source,
            to_queue=target, by="agent",
        )  # fmt: skip
        story.after(seconds=30)
        _asked_again(story, call)
    story.solved(call, talk_min=6)
    story.after(minutes=10)
    story.csat(9, call, most=10)
    return story.touchpoints


def _asked_again(story: Telling, call: str) -> None:
    story.say("contact.info_requested", contact_id=call, item="account_number", already_given=True)
