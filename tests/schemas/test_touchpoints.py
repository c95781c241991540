"""The touchpoint contract: the catalogue's types, each with its envelope, ranges and lengths."""

import re
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from annotated_types import Ge, Le, MaxLen
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas.instants import DayRule, InstantRule
from schemas.touchpoints import FAMILIES, TYPES, Touchpoint
from schemas.touchpoints.envelope import Envelope
from tests.schemas.examples import example, notes_of, payloads

CATALOGUE = """
identity.linked identity.merged customer.profile_changed account.contract_changed consent.changed
customer.erasure_requested marketing.message_sent marketing.engaged trial.started trial.ended
task.started task.step task.completed task.failed task.abandoned order.placed order.eta_changed
order.delayed order.delivered order.cancelled return.requested return.received refund.issued
onboarding.started onboarding.step_started onboarding.step_completed onboarding.step_failed
onboarding.assistance_requested onboarding.training_attended onboarding.milestone_reached
onboarding.completed onboarding.cancelled product.error product.incident_opened
product.incident_closed product.known_issue_updated product.usage_summary digital.friction
selfservice.started selfservice.ended knowledge.viewed knowledge.used bot.session_ended
ivr.segment_ended contact.started contact.queued contact.answered contact.abandoned contact.hold
contact.info_requested contact.transferred contact.escalated contact.ended callback.promised
callback.done callback.missed visit.recorded case.opened case.response_sent case.customer_replied
case.reassigned case.status_changed case.resolved case.reopened case.closed case.blocked case.linked
sla.result answer.given promise.made promise.changed promise.kept promise.withdrawn
notification.sent invoice.issued invoice.viewed payment.succeeded payment.failed dispute.opened
dispute.updated dispute.resolved credit.issued price.changed plan.changed survey.sent
survey.responded review.posted complaint.filed qa.assessed sentiment.scored renewal.window_opened
renewal.conversation renewal.decided expansion.discussed expansion.closed referral.made
account.touch cancel.requested customer.churned customer.reactivated recovery.action_taken
outreach.sent outreach.delivered outreach.responded outreach.declined outreach.suppressed
alert.acknowledged alert.snoozed alert.resolved alert.dismissed alert.feedback
"""
ENVELOPE = {"event_id", "source", "type", "customer_id", "occurred_at"}


def test_every_type_of_the_catalogue_is_there() -> None:
    """All of section 3, and each belongs to one family."""
    assert set(CATALOGUE.split()) <= set(TYPES)
    assert sum(len(family) for family in FAMILIES.values()) == len(TYPES)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_type_says_what_it_is(kind: str) -> None:
    """``family.verb``, a description for people, and no field called what the envelope calls so."""
    model = TYPES[kind]
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind)
    assert model.__doc__
    assert model.__doc__ != Envelope.__doc__
    assert get_origin(model.model_fields["type"].annotation) is Literal
    for name, info in Envelope.model_fields.items():
        own = model.model_fields[name]
        if name != "type" and own.annotation != info.annotation:
            assert own.is_required(), f"{kind} may require {name}, not change it"


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_an_example_of_each_type_is_accepted_by_producers_and_consumers(kind: str) -> None:
    """An ordinary one, with nothing but what is required."""
    accepted = TYPES[kind].model_validate(example(kind), extra="forbid")
    assert accepted.type == kind
    assert accepted.origin == "live"
    assert TYPES[kind].model_validate(example(kind, unknown_field=1)) == accepted


def test_the_union_finds_the_type() -> None:
    """One adapter for any touchpoint."""
    union: TypeAdapter[Any] = TypeAdapter(Touchpoint)
    assert type(union.validate_python(example("invoice.issued"))) is TYPES["invoice.issued"]
    with pytest.raises(ValidationError, match="union_tag_invalid"):
        union.validate_python(example("invoice.issued") | {"type": "invoice.lost"})


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_what_is_required_is_required(kind: str) -> None:
    """The envelope's five, and what the type cannot do without."""
    required = {name for name, info in TYPES[kind].model_fields.items() if info.is_required()}
    assert required | {"type"} >= ENVELOPE
    for name in required:
        with pytest.raises(ValidationError, match=name):
            TYPES[kind].model_validate({k: v for k, v in example(kind).items() if k != name})


def bounded(annotation: Any, metadata: Any) -> bool:
    """Whether every number has a range and every text and list a length."""
    origin, args, notes = get_origin(annotation), get_args(annotation), notes_of(metadata)
    if any(isinstance(note, InstantRule | DayRule) for note in notes):
        return True
    if origin is Annotated:
        return bounded(args[0], [*args[1:], *notes])
    if annotation in (int, float):
        return {Ge, Le} <= {type(note) for note in notes}
    if annotation is str:
        return any(isinstance(note, MaxLen) for note in notes)
    if origin in (list, dict):
        return any(isinstance(n, MaxLen) for n in notes) and all(bounded(a, ()) for a in args)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return all(bounded(i.annotation, i.metadata) for i in annotation.model_fields.values())
    return origin is Literal or all(bounded(arg, notes) for arg in args)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_nothing_is_unbounded(kind: str) -> None:
    """Ranges on numbers, lengths on texts and lists: no touchpoint can be of any size."""
    for name, info in TYPES[kind].model_fields.items():
        assert bounded(info.annotation, info.metadata), name


def test_the_check_for_bounds_can_fail() -> None:
    """It would not be worth much otherwise."""
    assert not bounded(int, ())
    assert not bounded(list[str], (MaxLen(3),))
    assert not bounded(Annotated[float, Ge(0)] | None, ())


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(TYPES)).flatmap(lambda kind: payloads(TYPES[kind])))
def test_a_model_written_out_is_a_touchpoint_again(payload: dict[str, Any]) -> None:
    """What a producer validates it can send: instants as RFC 3339, days as days."""
    model = TYPES[payload["type"]].model_validate(payload)
    written = model.model_dump_json(exclude_none=True)
    assert TYPES[payload["type"]].model_validate_json(written, extra="forbid") == model


@pytest.mark.parametrize("bad", ["", "c\x00", "c\n", "c\x7f", "c\x9f", "é" * 129, "c" * 257, 5])
def test_a_customer_id_can_be_a_key(bad: object) -> None:
    """1 to 256 UTF-8 bytes, no control characters: those are ours in the changelog."""
    with pytest.raises(ValidationError):
        TYPES["case.closed"].model_validate(example("case.closed", customer_id=bad))


@pytest.mark.parametrize(
    "good", ["1", "c-1", "é" * 128, "a b", "客戶", "🙂", "a/b:c@d", '"quoted"']
)
def test_a_customer_id_may_be_any_other_text(good: str) -> None:
    """Whatever the organisation's systems call their customers."""
    model = TYPES["case.closed"].model_validate(example("case.closed", customer_id=good))
    assert model.customer_id == good


def test_a_deed_on_an_alert_names_the_alert_one_way_or_the_other() -> None:
    """By its id, or by the key under which it is open."""
    deed = example("alert.acknowledged")
    deed.pop("alert_id")
    with pytest.raises(ValidationError, match="alert_id"):
        TYPES["alert.acknowledged"].model_validate(deed)
    assert TYPES["alert.acknowledged"].model_validate(deed | {"dedupe_key": "c-1/x/y"})
