"""A basket filled, looked at and left. Nothing had failed.

Look-alike of a process in the customer's way: people may change their minds.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS | {"first_thing_goes_wrong", "first_thing_goes_wrong:mishandled"}
SPAN_D = 60
ALIKE = frozenset({"first_thing_goes_wrong", "process_friction", "silent_sufferer"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    for number in range(2):
        task = {
            "task_kind": "purchase",
            "task_id": story.name(f"task{number}"),
            "expected_steps": 3,
        }
        story.say("task.started", **task)
        for step_no, step in enumerate(("cart", "address"), 1):
            story.about(seconds=50)
            story.say("task.step", step=step, step_no=step_no, retry_no=0, **task)
        story.about(minutes=5)
        story.say("task.abandoned", step="address", step_no=2, **task)
        story.about(days=20)
    return story.touchpoints
