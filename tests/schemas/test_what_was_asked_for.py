"""What the articles want heard can be said: by its own type, with its own fields, under contract."""

from typing import Any

import pytest

from streams.engine.record import Record
from streams.wire.touchpoint import Unreadable, read_strictly
from tests.schemas.examples import NOW_MS

SCALE = {"score": 4, "scale_min": 1, "scale_max": 5, "higher_is_better": True}


def taken(type_: str, **fields: Any) -> Any:
    """The touchpoint as it is read, or why a producer may not send it."""
    import json

    content = {
        "event_id": "e", "source": "urn:test", "type": type_, "customer_id": "c-1",
        "occurred_at": NOW_MS, **fields,
    }  # fmt: skip
    return read_strictly(Record(0, NOW_MS, b"c-1", json.dumps(content).encode()))


def is_taken(type_: str, **fields: Any) -> bool:
    """Whether a producer may say it."""
    return not isinstance(taken(type_, **fields), Unreadable)


@pytest.mark.parametrize(
    "channel",
    [
        "phone", "email", "chat", "messaging", "social", "in_store", "web", "app", "ivr", "bot",
        "portal", "field_visit", "post",
    ],
)  # fmt: skip
def test_a_contact_may_come_by_any_channel(channel: str) -> None:
    """Face to face and self-service included; a channel nobody knows is refused.

    Requirement: S0-05 S2-03 S3-06
    """
    assert is_taken("contact.started", contact_id="k", channel=channel, direction="inbound")
    assert not is_taken("contact.started", contact_id="k", channel="telepathy")


@pytest.mark.parametrize(
    ("l1", "l2"),
    [
        ("product", "question"),
        ("complaint", "conduct"),
        ("return", "replacement"),
        ("technical", "guidance"),
        ("technical", None),
    ],
)
def test_a_reason_has_two_levels(l1: str, l2: str | None) -> None:
    """The company's own words, the second where there is one; never the second alone.

    Requirement: S0-04 S2-04
    """
    reason = {"l1": l1, "l2": l2} if l2 else {"l1": l1}
    found = taken("contact.started", contact_id="k", reason=reason)
    assert (found.reason.l1, found.reason.l2) == (l1, l2)
    assert not is_taken("contact.started", contact_id="k", reason={"l2": "replacement"})


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("contact.started", {"contact_id": "k", "channel": "chat"}),
        ("case.opened", {"case_id": "s", "reason": {"l1": "technical"}}),
        ("dispute.opened", {"dispute_id": "d"}),
        ("return.requested", {"order_id": "o"}),
        ("complaint.filed", {"severity": 3}),
        ("visit.recorded", {"location": "store-7", "channel": "in_store"}),
        ("onboarding.assistance_requested", {"step": "import"}),
        ("account.touch", {"kind": "review", "proactive": True}),
    ],
)
def test_each_kind_of_service_has_its_type(type_: str, fields: dict[str, Any]) -> None:
    """Calls and chats, technical help, billing disputes, returns, complaints, visits, onboarding
    help, account management.

    Requirement: S1-04 S2-05
    """
    assert is_taken(type_, **fields)


def test_marketing_is_part_of_the_journey_before_and_after_the_purchase() -> None:
    """A message sent, and what the customer did with it.

    Requirement: S2-02
    """
    for phase in ("pre_purchase", "post_purchase"):
        assert is_taken("marketing.message_sent", campaign="spring", phase=phase)
    assert is_taken("marketing.engaged", campaign="spring", action="clicked")


@pytest.mark.parametrize("scope", ["interaction", "journey", "relationship"])
@pytest.mark.parametrize("kind", ["csat", "ces", "nps"])
def test_a_score_says_what_was_asked_about_what_and_on_which_scale(kind: str, scope: str) -> None:
    """Three instruments, three scopes, kept apart; a score without its scale, or without the
    scale's direction, says nothing and is refused.

    Requirement: S0-09 S2-19 S3-07 S3-10
    """
    found = taken("survey.responded", kind=kind, scope=scope, **SCALE)
    assert (found.kind, found.scope) == (kind, scope)
    for missing in SCALE:
        rest = {name: value for name, value in SCALE.items() if name != missing}
        assert not is_taken("survey.responded", kind=kind, scope=scope, **rest)


def test_a_score_may_belong_to_its_contact() -> None:
    """What the customer felt when the contact was over, tied to it; and that they were asked.

    Requirement: S0-02
    """
    assert taken("survey.responded", kind="csat", contact_id="k-1", **SCALE).contact_id == "k-1"
    assert taken("survey.sent", kind="csat", contact_id="k-1").contact_id == "k-1"


def test_who_leaves_may_say_why() -> None:
    """An exit survey has reasons and need not have a score.

    Requirement: S3-03
    """
    found = taken("survey.responded", kind="exit", reason_codes=["price", "effort"])
    assert list(found.reason_codes) == ["price", "effort"]


def test_an_answer_says_who_gave_it_from_what() -> None:
    """Agent, shift, article and version: so that two answers can be held against each other.

    Requirement: S3-21 S3-24
    """
    found = taken(
        "answer.given", topic="fees", answer_key="free", answered_by="agent", agent="a-1",
        shift="night", article_id="kb-7", version="3",
    )  # fmt: skip
    assert not isinstance(found, Unreadable)
    assert (found.agent, found.shift, found.article_id, found.version) == (
        "a-1", "night", "kb-7", "3",
    )  # fmt: skip


def test_an_agent_may_be_new() -> None:
    """How long somebody has been at it, as a band and not as a person.

    Requirement: S3-22
    """
    actor = {"kind": "agent", "tenure_band": "0-3 months"}
    assert taken("contact.answered", contact_id="k", actor=actor).actor.tenure_band == "0-3 months"
