"""The words in which touchpoints are told: gaps that move a clock, and what happens at it."""

from functools import lru_cache
from random import Random
from typing import Any, Self

from schemas.instants import rfc3339

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

Touchpoint = dict[str, Any]
"""A touchpoint as its producer would send it: the flat JSON object of ``schemas.touchpoints``."""

# Producing systems by family; one customer is always served by the same site of a system.
_SYSTEMS = {
    "contact": ("urn:telephony:lisbon", "urn:telephony:krakow"),
    "callback": ("urn:telephony:lisbon", "urn:telephony:krakow"),
    "ivr": ("urn:telephony:lisbon", "urn:telephony:krakow"),
    "case": ("urn:service-desk:1",),
    "sla": ("urn:service-desk:1",),
    "answer": ("urn:service-desk:1",),
    "promise": ("urn:service-desk:1",),
    "notification": ("urn:outbound:mail",),
    "marketing": ("urn:outbound:mail",),
    "invoice": ("urn:billing:eu",),
    "payment": ("urn:billing:eu",),
    "dispute": ("urn:billing:eu",),
    "credit": ("urn:billing:eu",),
    "price": ("urn:billing:eu",),
    "plan": ("urn:billing:eu",),
    "order": ("urn:shop:web",),
    "task": ("urn:shop:web", "urn:shop:app"),
    "selfservice": ("urn:help-centre:web",),
    "knowledge": ("urn:help-centre:web",),
    "survey": ("urn:survey:1",),
    "onboarding": ("urn:app:backend",),
    "product": ("urn:app:backend",),
    "digital": ("urn:app:frontend", "urn:shop:web"),
    "bot": ("urn:help-centre:bot",),
    "visit": ("urn:branch:import",),
}
_CRM = ("urn:crm:1",)
_KINDS: dict[str, tuple[str, ...]] = {}


def instant(at_ms: int) -> str:
    """RFC 3339 text of an instant.

    Args:
        at_ms: epoch milliseconds.
    """
    day, rest = divmod(at_ms, DAY_MS)
    minutes, ms = divmod(rest, MINUTE_MS)
    return f"{_day(day)}T{_MINUTES[minutes]}:{ms // 1000:02d}.{ms % 1000:03d}Z"


_MINUTES = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60))


@lru_cache(maxsize=4096)
def _day(day: int) -> str:
    return rfc3339(day * DAY_MS)[:10]


class Telling:
    """One customer's touchpoints as they are told, in order.

    Args:
        rng: where chance comes from.
        customer_id: whose they are.
        start_ms: epoch milliseconds at which the telling begins.
        thread: tells several tellings of one customer apart; part of every id made here.
        always: fields of the envelope that every touchpoint of the telling has.

    ``touchpoints`` is what was told, ``instants_ms`` when each of them occurred.
    """

    __slots__ = (
        "always",
        "customer_id",
        "instants_ms",
        "now_ms",
        "rng",
        "site",
        "thread",
        "touchpoints",
    )

    def __init__(
        self, rng: Random, customer_id: str, start_ms: int, thread: str = "", **always: Any
    ) -> None:
        self.rng = rng
        self.customer_id = customer_id
        self.now_ms = start_ms
        self.thread = thread
        self.touchpoints: list[Touchpoint] = []
        self.instants_ms: list[int] = []
        self.site = ord(customer_id[-1])
        self.always = always

    def after(
        self, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> Self:
        """Let time pass, exactly."""
        gap_s = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        self.now_ms += int(gap_s * SECOND_MS)
        return self

    def about(
        self, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> Self:
        """Let time pass, give or take a tenth."""
        gap_s = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        self.now_ms += int(gap_s * SECOND_MS * (0.9 + 0.2 * self.rng.random()))
        return self

    def say(self, kind: str, /, **fields: Any) -> str:
        """Something happens now; a second later the telling goes on.

        Args:
            kind: the touchpoint's type.
            fields: its own fields and any of the envelope's; None leaves one out.

        Returns:
            Its event_id.
        """
        systems = _KINDS.get(kind) or _systems_of(kind)
        event_id = self.name(len(self.touchpoints))
        touchpoint = {
            "event_id": event_id,
            "source": systems[self.site % len(systems)],
            "type": kind,
            "schema_version": 1,
            "customer_id": self.customer_id,
            "occurred_at": instant(self.now_ms),
        }
        given = self.always | fields
        touchpoint |= {name: value for name, value in given.items() if value is not None}
        self.touchpoints.append(touchpoint)
        self.instants_ms.append(self.now_ms)
        self.now_ms += SECOND_MS
        return event_id

    def name(self, what: object) -> str:
        """An id of this telling's own, e.g. of a contact or an order.

        Args:
            what: tells it apart from the others.
        """
        return f"{self.customer_id}{self.thread}-{what}"

    def from_now(
        self, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> str:
        """The instant that lies so far ahead, as RFC 3339."""
        gap_s = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        return instant(self.now_ms + int(gap_s * SECOND_MS))

    def day(self, days: float = 0) -> str:
        """The calendar day that lies so many days ahead."""
        return instant(self.now_ms + int(days * DAY_MS))[:10]

    def contact(self, l1: str, l2: str | None = None, channel: str = "phone", **fields: Any) -> str:
        """The customer gets in touch about something.

        Returns:
            The contact's id.
        """
        contact_id = self.name(f"k{len(self.touchpoints)}")
        reason = {"l1": l1} if l2 is None else {"l1": l1, "l2": l2}
        given: dict[str, Any] = {
            "channel": channel,
            "direction": "inbound",
            "medium": _MEDIA.get(channel),
            "contact_id": contact_id,
            "reason": reason,
        }
        self.say("contact.started", **(given | fields))
        return contact_id

    def answered(self, contact_id: str, queue: str, wait_s: float = 30, **fields: Any) -> None:
        """The contact waits in a queue and is answered by an agent who knows the history."""
        self.say("contact.queued", contact_id=contact_id, queue=queue)
        self.after(seconds=wait_s)
        given = {"contact_id": contact_id, "queue": queue, "wait_s": wait_s, "context_loaded": True}
        self.say("contact.answered", **(given | fields))

    def solved(self, contact_id: str, talk_min: float = 4, **fields: Any) -> None:
        """The contact ends and what it was about is settled."""
        self.about(minutes=talk_min)
        given = {"contact_id": contact_id, "outcome": "resolved", "agent_says_resolved": True}
        given["talk_s"] = round(talk_min * 60)
        self.say("contact.ended", **(given | fields))

    def unsolved(self, contact_id: str, talk_min: float = 4, **fields: Any) -> None:
        """The contact ends and what it was about is not settled, which nobody denies."""
        self.solved(
            contact_id, talk_min, **({"outcome": "pending", "agent_says_resolved": False} | fields)
        )

    def mail(self, l1: str, l2: str, **fields: Any) -> str:
        """A mail from the customer becomes a case.

        Returns:
            The case's id.
        """
        case_id = self.name(f"case{len(self.touchpoints)}")
        given = {"case_id": case_id, "channel": "email"} | fields
        contact_id = self.contact(l1, l2, **given)
        self.say("case.opened", contact_id=contact_id, priority=3, **given)
        return case_id

    def replied(self, case_id: str, **fields: Any) -> None:
        """A person answers a case: to the point, and with what happens next."""
        given: dict[str, Any] = {
            "case_id": case_id,
            "kind": "human",
            "substantive": True,
            "next_step": True,
            "direction": "outbound",
            "channel": "email",
        }
        self.say("case.response_sent", **(given | fields))

    def case_solved(self, case_id: str) -> None:
        """The desk settles a case."""
        self.say("case.resolved", case_id=case_id, by="agent", resolution_code="answered")

    def billed(self, amount_minor: int, **fields: Any) -> str:
        """A bill is issued.

        Returns:
            Its id.
        """
        invoice_id = self.name(f"invoice{len(self.touchpoints)}")
        given = {"amount_minor": amount_minor, "currency": "EUR", "plan_changed": False}
        self.say("invoice.issued", invoice_id=invoice_id, due_on=self.day(14), **(given | fields))
        return invoice_id

    def paid(self, invoice_id: str, amount_minor: int) -> None:
        """The bill is paid at the first try."""
        self.say(
            "payment.succeeded", invoice_id=invoice_id, attempt_no=1, amount_minor=amount_minor,
            currency="EUR",
        )  # fmt: skip

    def used(self, *logins: int) -> None:
        """Weeks of use of the product, so many logins in each; each is told of at its end."""
        for count in logins:
            self.after(days=7)
            self.say(
                "product.usage_summary", period_start=self.from_now(days=-7), period_s=604_800,
                active_users=1, key_actions={"login": count},
            )  # fmt: skip

    def csat(self, score: int, contact_id: str | None = None, most: int = 5) -> None:
        """The customer answers how satisfied they are, from 1 (0 on longer scales) up to most."""
        self.say(
            "survey.responded", kind="csat", scope="interaction", score=score,
            scale_min=1 if most == 5 else 0, scale_max=most, higher_is_better=True,
            contact_id=contact_id,
        )  # fmt: skip


_MEDIA = {
    "phone": "voice",
    "chat": "live_text",
    "messaging": "async_text",
    "email": "async_text",
    "in_store": "in_person",
    "web": "async_text",
}


def _systems_of(kind: str) -> tuple[str, ...]:
    return _KINDS.setdefault(kind, _SYSTEMS.get(kind.partition(".")[0], _CRM))
