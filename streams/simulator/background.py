"""Everyday traffic: people who shop, look things up, get billed, ask now and then, and are served.

Nothing here is a story: what is found in it is the load an operator would live with.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from streams.simulator.rhythm import heavy_tailed
from streams.simulator.telling import Telling

_TOPICS = (
    ("account", "password"),
    ("account", "address_change"),
    ("billing", "due_date"),
    ("billing", "invoice_copy"),
    ("order", "where_is_it"),
    ("order", "return"),
    ("plan", "options"),
    ("product", "export"),
    ("product", "settings"),
    ("technical", "app_update"),
    ("technical", "router"),
    ("technical", "sync"),
)
_PLACES: tuple[dict[str, str], ...] = (
    {"timezone": "Europe/Lisbon", "locale": "pt-PT", "region": "pt"},
    {"timezone": "Europe/Warsaw", "locale": "pl-PL", "region": "pl"},
    {"timezone": "Europe/Berlin", "locale": "de-DE", "region": "de"},
    {"locale": "en-IE", "region": "ie"},
    {"timezone": "Asia/Jakarta", "region": "id"},
    {},
)


class Resident:
    """Somebody with a life of their own.

    Args:
        rng: where chance comes from.
        customer_id: who they are.
    """

    __slots__ = ("always", "business", "customer_id", "plan_minor", "rates_per_day", "told")

    def __init__(self, rng: Random, customer_id: str) -> None:
        self.customer_id = customer_id
        self.business = rng.random() < 0.15
        self.always: dict[str, Any] = _PLACES[int(rng.random() * len(_PLACES))]
        self.plan_minor = 990 + 1000 * int(rng.random() * (60 if self.business else 5))
        self.told = 0
        self.rates_per_day = {
            "asks": heavy_tailed(rng, 0.008, 0.15),
            "writes": heavy_tailed(rng, 0.003, 0.05),
            "looks_up": heavy_tailed(rng, 0.02, 0.5),
            "shops": heavy_tailed(rng, 0.02, 0.4),
        }

    def telling(self, rng: Random, start_ms: int) -> Telling:
        """The next thing they do; one in five systems knows nothing about where they live."""
        self.told += 1
        always = self.always if rng.random() < 0.8 else {}
        return Telling(rng, self.customer_id, start_ms, f".{self.told}", **always)


def joins(life: Telling, resident: Resident) -> None:
    """Becomes known: profile, consent, and for a business its contract."""
    segment = "business" if resident.business else "consumer"
    life.say("customer.profile_changed", segment=segment, tier="1" if resident.business else "2")
    if resident.business:
        life.say(
            "account.contract_changed", acv_minor=resident.plan_minor * 12, currency="EUR",
            starts_on=life.day(-60), ends_on=life.day(305), term_months=12,
        )  # fmt: skip
    if life.rng.random() < 0.7:
        life.say("consent.changed", purpose="service", status="granted")


def asks(life: Telling, resident: Resident) -> None:
    """A call or a chat about something small, answered by somebody who can."""
    rng = life.rng
    l1, l2 = _TOPICS[int(rng.random() * len(_TOPICS))]
    channel = "phone" if rng.random() < 0.7 else "chat"
    # One in ten systems does not ask for the reason.
    unknown: dict[str, Any] = {"reason": None} if rng.random() < 0.1 else {}
    contact_id = life.contact(l1, l2, channel, **unknown)
    life.answered(contact_id, l1, wait_s=min(600, int(rng.expovariate(1 / 70))))
    if rng.random() < 0.05:
        life.about(minutes=2)
        life.say(
            "contact.transferred", contact_id=contact_id, mode="warm", from_queue=l1,
            to_queue="expert", context_passed=True, by="agent",
        )  # fmt: skip
    if rng.random() < 0.9:
        life.solved(contact_id, talk_min=2 + 6 * rng.random())
    else:
        life.unsolved(contact_id, talk_min=4)
        life.about(hours=20)
        contact_id = life.contact(l1, l2, direction="outbound", **unknown)
        life.solved(contact_id, talk_min=3)
    if rng.random() < 0.25:
        life.about(minutes=15)
        (score,) = rng.choices((5, 4, 3, 2), (60, 30, 9, 1))
        life.csat(score, contact_id)


def writes(life: Telling, resident: Resident) -> None:
    """A mail that becomes a case, is answered by a person, solved and closed."""
    rng = life.rng
    l1, l2 = _TOPICS[int(rng.random() * len(_TOPICS))]
    case = {"case_id": life.name("case")}
    contact_id = life.contact(l1, l2, "email", **case)
    life.say("case.opened", contact_id=contact_id, channel="email", priority=3, **case)
    life.after(minutes=15 + 100 * rng.random())
    life.say(
        "case.response_sent", kind="human", substantive=True, next_step=True,
        direction="outbound", channel="email", **case,
    )  # fmt: skip
    if rng.random() < 0.15:
        life.about(hours=1)
        life.say("case.reassigned", from_group="first_line", to_group=l1, **case)
    life.after(hours=1 + 30 * rng.random())
    life.say("case.resolved", by="agent", resolution_code="answered", **case)
    life.about(days=3)
    life.say("case.closed", by="system", **case)


def looks_up(life: Telling, resident: Resident) -> None:
    """Helps themselves, mostly with success."""
    rng = life.rng
    topic = _TOPICS[int(rng.random() * len(_TOPICS))][1]
    life.say("selfservice.started", topic=topic, channel="web")
    life.about(seconds=40)
    life.say("knowledge.viewed", article_id=f"kb-{topic}", version="3", by="customer")
    life.about(minutes=2)
    chance = rng.random()
    life.say(
        "selfservice.ended", topic=topic, searches=1 + int(rng.random() * 2),
        outcome="resolved" if chance < 0.8 else "unknown" if chance < 0.95 else "abandoned",
    )  # fmt: skip


def shops(life: Telling, resident: Resident) -> None:
    """Buys something, and gets it when it was promised."""
    rng = life.rng
    order = {"order_id": life.name("order")}
    task = {"task_kind": "purchase", "task_id": life.name("task"), "expected_steps": 3}
    life.say("task.started", **task)
    for step_no, step in enumerate(("cart", "address", "pay"), 1):
        life.about(seconds=50)
        life.say("task.step", step=step, step_no=step_no, retry_no=0, **task)
    life.say("task.completed", **task)
    amount_minor = 1500 + int(rng.random() * 12_000)
    life.say(
        "order.placed", promised_at=life.from_now(days=3), amount_minor=amount_minor,
        currency="EUR", **order,
    )  # fmt: skip
    life.after(days=1 + 1.5 * rng.random())
    life.say("order.delivered", **order)


def uses(life: Telling, resident: Resident) -> None:
    """A week's use of the product; now and then a page fights back or something small breaks."""
    rng = life.rng
    life.say(
        "product.usage_summary", period_start=life.from_now(days=-7), period_s=604_800,
        active_users=1 + int(rng.random() * (20 if resident.business else 1)),
        key_actions={"login": 1 + int(rng.random() * 9), "report": int(rng.random() * 4)},
    )  # fmt: skip
    if rng.random() < 0.03:
        life.about(hours=2)
        life.say("digital.friction", kind="form_error", page="/settings", count=1)
    if rng.random() < 0.02:
        life.about(hours=1)
        life.say("product.error", severity=1 + int(rng.random() * 2), feature="report", code="E7")


def is_billed(life: Telling, resident: Resident) -> None:
    """A monthly bill, nearly always paid at once."""
    rng = life.rng
    invoice_id = life.name("invoice")
    amount_minor = resident.plan_minor + int(rng.random() * 0.08 * resident.plan_minor)
    money = {"amount_minor": amount_minor, "currency": "EUR", "invoice_id": invoice_id}
    life.say("invoice.issued", due_on=life.day(14), plan_changed=False, **money)
    life.about(days=3)
    attempt = {"max_attempts": 4, "actor": {"kind": "system"}, **money}
    failed = rng.random() < 0.01
    if failed:
        life.say("payment.failed", attempt_no=1, decline="soft", **attempt)
        life.about(days=1)
    life.say("payment.succeeded", attempt_no=2 if failed else 1, **attempt)


ACTS: dict[str, Callable[[Telling, Resident], None]] = {
    "asks": asks,
    "writes": writes,
    "looks_up": looks_up,
    "shops": shops,
    "uses": uses,
    "is_billed": is_billed,
    "joins": joins,
}
"""What a resident may do, by name; those in ``Resident.rates_per_day`` come by chance."""
