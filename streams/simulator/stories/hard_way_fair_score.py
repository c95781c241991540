"""Forty minutes of menu and two cold transfers, with every word passed on; and a good score.

Near miss of masked effort: the way was hard, the index of the issue stays below sixty, and
nobody had to say anything twice.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"cumulative_effort", "transfer_burden", "wait_excess"})
SILENT = frozenset(
    {"bad_experience_score", "masked_effort", "repeat_contact", "repeat_information"}
)
SPAN_D = 8
NEARLY = {"masked_effort": {"jei": 45}}
SINCE = {
    "transfer_burden": ("contact.transferred", 2),
    "wait_excess": ("ivr.segment_ended", 1),
    "cumulative_effort": ("contact.started", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    call = story.contact("technical", "no_connection")
    story.after(minutes=40)
    story.say(
        "ivr.segment_ended", contact_id=call, duration_s=2400, menu_depth=6, loops=2, no_match=1,
        zero_out=True, exit="agent",
    )  # fmt: skip
    story.say("contact.answered", contact_id=call, queue="general", wait_s=30, context_loaded=True)
    for source, target in (("general", "billing"), ("billing", "technical")):
        story.about(minutes=4)
        story.say(
            "contact.transferred", contact_id=call, mode="cold", from_queue=source, to_queue=target,
            context_passed=True, by="agent",
        )  # fmt: skip
        story.after(seconds=30)
    story.solved(call, talk_min=6)
    story.after(minutes=10)
    story.csat(5, call)
    return story.touchpoints
