"""A form that refuses once, a step more than usual, and then the return is on its way.

Near miss of a process in the customer's way: one hitch is borne.
"""

from random import Random

from streams.simulator.kinds import KINDS
from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = KINDS
SPAN_D = 10
NEARLY = {"process_friction": {"extra_steps": 1}}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    task = {"task_kind": "return", "task_id": story.name("return"), "expected_steps": 3}
    story.say("task.started", **task)
    for step_no, step in enumerate(("order", "reason", "photo", "label"), 1):
        story.about(seconds=50)
        story.say("task.step", step=step, step_no=step_no, retry_no=0, **task)
        if step == "photo":
            story.say("digital.friction", kind="form_error", page="/returns/photo", count=1)
            story.say("task.failed", step="photo", step_no=3, error_code="E413", **task)
            story.about(seconds=50)
            story.say("task.step", step="photo", step_no=3, retry_no=1, **task)
    story.say("task.completed", **task)
    return story.touchpoints
