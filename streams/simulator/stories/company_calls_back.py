"""One call from the customer, then three from the company, to bring it to an end.

Look-alike of repeat contact: only the customer's own calls are the customer's effort.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset(
    {"repeat_contact", "contact_frequency", "cumulative_effort", "stale_issue", "false_resolution"}
)
SPAN_D = 5
ALIKE = frozenset({"contact_frequency", "repeat_contact"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    issue_id = story.name("move")
    call = story.contact("account", "moving_house", issue_id=issue_id)
    story.answered(call, "general", wait_s=25)
    story.unsolved(call)
    for number in range(3):
        story.about(hours=6)
        called = story.contact("account", "moving_house", issue_id=issue_id, direction="outbound")
        if number < 2:
            story.unsolved(called, talk_min=2)
        else:
            story.solved(called, talk_min=3)
    return story.touchpoints
