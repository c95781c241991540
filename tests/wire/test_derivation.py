"""Deriving msgspec fields from a model: what has no equal is refused, never dropped."""

from typing import Annotated, Any

import msgspec
import pytest
from pydantic import AfterValidator, Field, create_model

from schemas.terms import Code, CustomerId, Day, Instant
from schemas.touchpoints import Actor, Reason
from streams.wire.derivation import fields, nested, noted


def model(annotation: Any, default: Any = ...) -> Any:
    """A model with one field ``f``."""
    return create_model("M", f=(annotation, default))


def decoded(annotation: Any, value: bytes) -> Any:
    """What the derived Struct reads into the field, or None when it refuses."""
    struct = msgspec.defstruct("S", fields(model(annotation)))
    try:
        return msgspec.json.decode(b'{"f":' + value + b"}", type=struct).f
    except msgspec.ValidationError:
        return None


@pytest.mark.parametrize(
    ("annotation", "accepted", "refused"),
    [
        (Annotated[int, Field(ge=1, le=3)], b"3", b"4"),
        (Annotated[int, Field(gt=1, lt=3)], b"2", b"3"),
        (Annotated[float, Field(ge=0)], b"0.5", b"-0.5"),
        (Annotated[str, Field(min_length=1, max_length=2)], b'"ab"', b'"abc"'),
        (Annotated[list[Code], Field(max_length=1)], b'["a"]', b'["a","b"]'),
        (Annotated[dict[Code, bool], Field(max_length=1)], b'{"a":true}', b'{"a":1}'),
        (int | None, b"1", b"1.0"),
    ],
)
def test_ranges_lengths_and_types_are_carried_over(
    annotation: Any, accepted: bytes, refused: bytes
) -> None:
    """The edge is inside, what lies beyond is not."""
    assert decoded(annotation, accepted) == msgspec.json.decode(accepted)
    assert decoded(annotation, refused) is None


@pytest.mark.parametrize(
    "annotation",
    [
        Annotated[str, Field(pattern="^a$")],
        Annotated[float, Field(multiple_of=2)],
        bytes,
        complex,
        tuple[int, int],
        pytest.param(list[Instant], id="instants"),
        pytest.param(list[CustomerId], id="customers"),
        pytest.param(dict[Code, Day], id="days by code"),
        pytest.param(dict[CustomerId, int], id="numbers by customer"),
        create_model("Inner", at=(Instant, ...)),
        create_model("Checked", x=(Annotated[int, AfterValidator(abs)] | None, None)),
    ],
    ids=str,
)
def test_what_msgspec_cannot_promise_stops_the_import(annotation: Any) -> None:
    """Better no program than one whose two readers disagree."""
    with pytest.raises(TypeError, match="no decoder is derived"):
        fields(model(annotation))


def test_a_default_that_is_made_each_time_is_refused() -> None:
    """Only constants are carried over."""
    with pytest.raises(TypeError, match="default factory"):
        fields(model(Annotated[list[Code], Field(max_length=1)], Field(default_factory=list)))


def test_notes_are_found_through_optional() -> None:
    """An optional instant is an instant."""
    assert set(noted(model(CustomerId | None, None), AfterValidator)) == {"f"}
    assert noted(model(Code), AfterValidator) == {}


def test_a_nested_model_has_one_struct() -> None:
    """All types share it, so that its instances compare."""
    assert nested(Actor) is nested(Actor)
    assert nested(Actor) is not nested(Reason)
