"""Money: bills from the nightly run of the customer's day, by season, and paying them."""

from streams.simulator.everyday.service import ask_about
from streams.simulator.resident import Resident
from streams.simulator.rhythm import warmth
from streams.simulator.telling import Telling


def is_billed(life: Telling, resident: Resident) -> None:
    """A monthly bill, dearer in winter, nearly always paid at once; a few have to ask about it."""
    rng = life.rng
    used_minor = resident.plan_minor * (0.1 + 0.05 * rng.random()) * warmth(life.now_ms)
    amount_minor = resident.plan_minor + int(used_minor)
    money = {"amount_minor": amount_minor, "currency": "EUR"}
    money["invoice_id"] = life.billed(amount_minor)
    asks = rng.random() < 0.01
    if asks:
        life.about(days=1, hours=11)
        ask_about(life, "billing", "due_date")
    life.about(days=2)
    attempt = {"max_attempts": 4, "actor": {"kind": "system"}, **money}
    failed = rng.random() < 0.01
    if failed:
        life.say("payment.failed", attempt_no=1, decline="soft", **attempt)
        life.about(days=1)
    life.say("payment.succeeded", attempt_no=2 if failed else 1, **attempt)
