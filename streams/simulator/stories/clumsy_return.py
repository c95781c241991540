"""A return in six steps, four tries at one of them; then the page freezes and that is it.

A process in the customer's way (S2-23, S2-07, S1-07).
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"process_friction", "digital_friction"})
SILENT = frozenset({"repeat_contact", "silent_sufferer", "delay_chain", "payment_trouble"})
SPAN_D = 10
SINCE = {"process_friction": ("task.step", 6), "digital_friction": ("digital.friction", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    task = {"task_kind": "return", "task_id": story.name("return"), "expected_steps": 3}
    story.say("task.started", **task)
    for step_no, step in enumerate(("order", "reason", "photo"), 1):
        for retry_no in range(4 if step == "photo" else 1):
            story.about(seconds=50)
            story.say("task.step", step=step, step_no=step_no, retry_no=retry_no, **task)
    for kind in ("rage_click", "dead_click", "timeout"):
        story.about(minutes=2)
        story.say("digital.friction", kind=kind, page="/returns/photo", count=1)
    story.say("task.failed", step="photo", step_no=3, error_code="E413", **task)
    story.about(minutes=1)
    story.say("task.abandoned", step="photo", step_no=3, **task)
    return story.touchpoints
