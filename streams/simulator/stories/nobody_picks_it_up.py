"""A complaint to the regulator, told within the second; and for two hours nobody takes it on."""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset({"alert_unactioned", "bad_experience_score"})
SILENT = frozenset({"repeat_contact", "compounding_friction", "inconsistent_experience"})
SPAN_D = 20
SINCE = {"alert_unactioned": ("complaint.filed", 1)}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("complaint.filed", regulatory=True, severity=3, reason={"l1": "billing"})
    story.after(hours=2)
    story.say(
        "alert.acknowledged", dedupe_key=f"{customer_id}:bad_experience_score:complaint", by="kim"
    )
    return story.touchpoints
