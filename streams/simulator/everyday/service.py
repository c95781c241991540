"""Service: calls, chats, mails, help pages and branches, nearly always to one's satisfaction."""

from typing import Any

from streams.simulator.everyday.topics import topic
from streams.simulator.resident import Resident
from streams.simulator.telling import Telling


def asks(life: Telling, resident: Resident) -> None:
    """A call or a chat about something small, answered by somebody who can."""
    l1, l2 = topic(life.rng)
    ask_about(life, l1, l2)


def ask_about(life: Telling, l1: str, l2: str) -> None:
    """The same about something given."""
    rng = life.rng
    channel = "phone" if rng.random() < 0.7 else "chat"
    # One in ten systems does not ask for the reason.
    unknown: dict[str, Any] = {"reason": None} if rng.random() < 0.1 else {}
    contact_id = life.contact(l1, l2, channel, **unknown)
    if channel == "phone" and rng.random() < 0.6:
        menu_s = 15 + int(rng.expovariate(1 / 25))
        life.after(seconds=menu_s)
        life.say(
            "ivr.segment_ended", contact_id=contact_id, duration_s=menu_s, menu_depth=2,
            exit="agent",
        )  # fmt: skip
    if rng.random() < 0.03:
        _gives_up(life, contact_id, l1)
        return
    life.answered(contact_id, l1, wait_s=min(600, int(rng.expovariate(1 / 70))))
    if rng.random() < 0.3:
        life.about(seconds=30)
        life.say(
            "contact.info_requested", contact_id=contact_id, item="identity", already_given=False
        )
    if rng.random() < 0.05:
        life.about(minutes=2)
        life.say(
            "contact.transferred", contact_id=contact_id, mode="warm", from_queue=l1,
            to_queue="expert", context_passed=True, by="agent",
        )  # fmt: skip
    if rng.random() < 0.9:
        life.solved(contact_id, talk_min=2 + 6 * rng.random())
    else:
        contact_id = _called_back(life, contact_id, l1, l2, unknown)
    if rng.random() < 0.25:
        life.about(minutes=15)
        (score,) = rng.choices((5, 4, 3, 2), (60, 30, 9, 1))
        life.csat(score, contact_id)


def _gives_up(life: Telling, contact_id: str, queue: str) -> None:
    """Too long a queue for something so small; it is not tried again."""
    wait_s = 90 + int(life.rng.random() * 300)
    life.say("contact.queued", contact_id=contact_id, queue=queue)
    life.after(seconds=wait_s)
    life.say("contact.abandoned", contact_id=contact_id, queue=queue, wait_s=wait_s)


def _called_back(life: Telling, contact_id: str, l1: str, l2: str, unknown: dict[str, Any]) -> str:
    """Nobody knows at once: a call back is promised, and made in time."""
    promised = life.rng.random() < 0.6
    promise_id = life.name(f"promise{len(life.touchpoints)}")
    if promised:
        life.say(
            "promise.made", promise_id=promise_id, kind="callback", made_by="service",
            due_at=life.from_now(hours=24), contact_id=contact_id,
        )  # fmt: skip
    life.unsolved(contact_id, talk_min=4)
    life.about(hours=20)
    called_id = life.contact(l1, l2, direction="outbound", **unknown)
    if promised:
        life.say("promise.kept", promise_id=promise_id)
    life.solved(called_id, talk_min=3)
    return called_id


def writes(life: Telling, resident: Resident) -> None:
    """A mail that becomes a case, is answered by a person, solved and closed."""
    rng = life.rng
    l1, l2 = topic(rng)
    case = {"case_id": life.mail(l1, l2)}
    if rng.random() < 0.8:
        life.after(minutes=1)
        life.say(
            "case.response_sent", kind="auto", substantive=False, next_step=False,
            direction="outbound", channel="email", **case,
        )  # fmt: skip
    life.after(minutes=15 + 100 * rng.random())
    life.replied(**case)
    if rng.random() < 0.15:
        life.about(hours=1)
        life.say("case.reassigned", from_group="first_line", to_group=l1, **case)
    life.after(hours=1 + 30 * rng.random())
    life.case_solved(**case)
    life.about(days=3)
    life.say("case.closed", by="system", **case)


def looks_up(life: Telling, resident: Resident) -> None:
    """Helps themselves, mostly with success; now and then it is a bot that helps."""
    rng = life.rng
    _, about = topic(rng)
    chance = rng.random()
    if rng.random() < 0.2:
        life.say(
            "bot.session_ended", channel="bot", intents=[about], fallbacks=int(chance * 2),
            outcome="resolved" if chance < 0.8 else "abandoned",
        )  # fmt: skip
        return
    life.say("selfservice.started", topic=about, channel="web")
    life.about(seconds=40)
    life.say("knowledge.viewed", article_id=f"kb-{about}", version="3", by="customer")
    life.about(minutes=2)
    life.say(
        "selfservice.ended", topic=about, searches=1 + int(rng.random() * 2),
        outcome="resolved" if chance < 0.8 else "unknown" if chance < 0.95 else "abandoned",
    )  # fmt: skip


def visits(life: Telling, resident: Resident) -> None:
    """In a branch, which tells of it in the night's import."""
    life.say(
        "visit.recorded", channel="in_store", location=f"branch-{life.site % 7}",
        outcome="resolved", wait_s=int(life.rng.expovariate(1 / 240)),
    )  # fmt: skip
