"""Three of five; a week later a request to cancel; six hours on a call, and the day after another.

Near miss of a mishandled leave-taking, for which eight hours are the standard, and of somebody
who leaves though content: three of five is not content.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"leaving"})
SILENT = frozenset(
    {"bad_experience_score", "happy_but_leaving", "leaving:mishandled", "repeat_contact"}
)
SPAN_D = 30
NEARLY = {"leaving:mishandled": {"response_h": 4}, "happy_but_leaving": {"good_score": 3}}
SINCE = {"leaving": ("cancel.requested", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    chat = story.contact("plan", "options", channel="chat")
    story.answered(chat, "chat", wait_s=20)
    story.solved(chat)
    story.after(minutes=2)
    story.csat(3, chat)
    story.after(days=7)
    story.say("cancel.requested", reason_codes=["price"], voluntary=True, channel="web")
    story.after(hours=6)
    for _ in range(2):
        called = story.contact("plan", "cancel", direction="outbound")
        story.solved(called)
        story.after(days=1)
    return story.touchpoints
