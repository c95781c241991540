"""Goods and the product: shopping, parcels, use, and the small things that break."""

from streams.simulator.resident import Resident
from streams.simulator.telling import Telling


def shops(life: Telling, resident: Resident) -> None:
    """Buys something, and gets it when it was promised or was told in time that it comes later."""
    rng = life.rng
    order = {"order_id": life.name("order")}
    task = {"task_kind": "purchase", "task_id": life.name("task"), "expected_steps": 3}
    life.say("task.started", **task)
    for step_no, step in enumerate(("cart", "address", "pay"), 1):
        life.about(seconds=50)
        life.say("task.step", step=step, step_no=step_no, retry_no=0, **task)
        if rng.random() < 0.03:  # a look, and gone
            life.about(minutes=4)
            life.say("task.abandoned", step=step, step_no=step_no, **task)
            return
    life.say("task.completed", **task)
    amount_minor = 1500 + int(rng.random() * 12_000)
    life.say(
        "order.placed", promised_at=life.from_now(days=3), amount_minor=amount_minor,
        currency="EUR", **order,
    )  # fmt: skip
    life.after(days=1 + 1.5 * rng.random())
    if rng.random() < 0.05:
        _slips(life, order)
    life.say("order.delivered", **order)
    if rng.random() < 0.06:
        _sends_back(life, order, amount_minor)


def _slips(life: Telling, order: dict[str, str]) -> None:
    """A day late; all but one customer in ten are told of it at once."""
    late = life.say(
        "order.delayed", old_eta=life.from_now(days=1), new_eta=life.from_now(days=2),
        delay_s=86_400, cause="carrier", **order,
    )  # fmt: skip
    if life.rng.random() < 0.9:
        life.about(minutes=20)
        life.say("notification.sent", about=late, trigger="problem", proactive=True, **order)
    life.about(days=1.6)


def _sends_back(life: Telling, order: dict[str, str], amount_minor: int) -> None:
    """Does not fit: back, and the money too."""
    money = {"amount_minor": amount_minor, "currency": "EUR"}
    life.about(days=2)
    life.say("return.requested", **money, **order)
    life.about(days=4)
    life.say("return.received", **order)
    life.about(days=2)
    life.say("refund.issued", **money, **order)


def uses(life: Telling, resident: Resident) -> None:
    """A week's use of the product; now and then a page fights back or something small breaks."""
    rng = life.rng
    away = rng.random() < 0.04
    logins = 0 if away else 1 + int(rng.random() * 9)
    life.say(
        "product.usage_summary", period_start=life.from_now(days=-7), period_s=604_800,
        active_users=0 if away else 1 + int(rng.random() * (20 if resident.business else 1)),
        key_actions={"login": logins, "report": 0 if away else int(rng.random() * 4)},
    )  # fmt: skip
    if rng.random() < 0.03:
        life.about(hours=2)
        life.say("digital.friction", kind="form_error", page="/settings", count=1)
    if rng.random() < 0.02:
        life.about(hours=1)
        severity = 3 if rng.random() < 0.1 else 1 + int(rng.random() * 2)
        life.say("product.error", severity=severity, feature="report", code="E7")


def reads(life: Telling, resident: Resident) -> None:
    """A newsletter; one in six opens it."""
    campaign = f"news-{life.day()[:7]}"
    life.say("marketing.message_sent", campaign=campaign, phase="post_purchase")
    if life.rng.random() < 0.16:
        life.about(hours=5)
        life.say("marketing.engaged", campaign=campaign, action="opened")
