"""An outage, announced; two errors in it, and nobody calls. What is found of it is the incident's.

Looks like an alert that nobody acts on: it was suppressed, and lies with the incident.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS: frozenset[str] = frozenset()
SILENT = frozenset({"alert_unactioned", "silent_sufferer", "delay_without_notice"})
SPAN_D = 20
ALIKE = frozenset({"alert_unactioned"})


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    opened = story.say("product.incident_opened", incident_id="inc-7", severity=3)
    story.after(minutes=5)
    story.say("notification.sent", about=opened, trigger="problem", proactive=True)
    for _ in range(2):
        story.about(hours=1)
        story.say("product.error", severity=3, feature="export", code="E_DOWN")
    story.after(days=3)
    story.say("product.incident_closed", incident_id="inc-7")
    return story.touchpoints
