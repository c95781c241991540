"""The same ordeal as the telecom call, and a score that says so.

Look-alike of masked effort: nothing is hidden where the customer says how it was.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset(
    {
        "bad_experience_score",
        "cumulative_effort",
        "repeat_information",
        "transfer_burden",
        "wait_excess",
    }
)
SILENT = frozenset({"happy_but_leaving", "masked_effort", "repeat_contact", "satisfied_not_easy"})
SPAN_D = 10
ALIKE = frozenset({"masked_effort"})
SINCE = {
    "transfer_burden": ("contact.transferred", 2),
    "repeat_information": ("contact.info_requested", 2),
    "wait_excess": ("ivr.segment_ended", 1),
    "cumulative_effort": ("contact.started", 1),
    "bad_experience_score": ("survey.responded", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "no_connection")
    story.after(minutes=40)
    story.say("ivr.segment_ended", contact_id=call, duration_s=2400, menu_depth=6, exit="agent")
    story.say("contact.answered", contact_id=call, queue="general", wait_s=60, context_loaded=True)
    for source, target in (("general", "billing"), ("billing", "technical")):
        story.about(minutes=4)
        story.say(
            "contact.transferred", contact_id=call, mode="cold", from_queue=source, to_queue=target,
            by="agent",
        )  # fmt: skip
        story.after(seconds=30)
        story.say("contact.info_requested", contact_id=call, item="identity", already_given=True)
    story.solved(call, talk_min=6)
    story.after(minutes=10)
    story.csat(1, call)
    return story.touchpoints
