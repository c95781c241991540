"""Payloads of every type, made from the contract itself: as strategies, and one by one."""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from schemas.feedback import Feedback
from schemas.instants import EARLIEST_INTEGER_MS, DayRule, InstantRule, rfc3339
from schemas.touchpoints import TYPES

NOW_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z

instants = st.one_of(
    st.integers(EARLIEST_INTEGER_MS, 4_102_444_800_000),
    st.integers(0, 253_402_300_799_999).map(rfc3339),
    st.sampled_from(["2026-01-01t00:00:00+0130", "2026-01-01 00:00:00.1234567-05:00"]),
)
days = st.dates().filter(lambda day: day.year >= 1970).map(str)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


def notes_of(metadata: Any) -> list[Any]:
    """Constraint objects, out of nested Field()s."""
    flat: list[Any] = []
    for note in metadata:
        flat += notes_of(note.metadata) if isinstance(note, FieldInfo) else [note]
    return flat


def values(annotation: Any, metadata: Any = ()) -> st.SearchStrategy[Any]:
    """Valid wire values of a field."""
    origin, args = get_origin(annotation), get_args(annotation)
    notes = notes_of(metadata)
    if any(isinstance(note, InstantRule) for note in notes):
        return instants
    if any(isinstance(note, DayRule) for note in notes):
        return days
    if origin is Annotated:
        return values(args[0], [*args[1:], *notes])
    if origin in (Union, UnionType):
        return st.one_of([values(arg, notes) for arg in args])
    if origin is Literal:
        return st.sampled_from(args)
    if annotation is NoneType:
        return st.none()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return payloads(annotation)
    return _scalars(annotation, notes)


def _scalars(annotation: Any, notes: list[Any]) -> st.SearchStrategy[Any]:
    low = next((n.ge for n in notes if isinstance(n, Ge)), None)
    high = next((n.le for n in notes if isinstance(n, Le)), None)
    if annotation is int:
        return st.integers(low, high)
    if annotation is float:
        return st.floats(low, high) | st.integers(int(low), int(high))
    if annotation is bool:
        return st.booleans()
    if annotation is str:
        return _texts(notes)
    most = min(5, next(n.max_length for n in notes if isinstance(n, MaxLen)))
    if get_origin(annotation) is dict:
        key, value = get_args(annotation)
        return st.dictionaries(values(key), values(value), max_size=most)
    return st.lists(values(get_args(annotation)[0]), max_size=most)


def _texts(notes: list[Any]) -> st.SearchStrategy[str]:
    pattern = next((n.pattern for n in notes if getattr(n, "pattern", None)), None)
    if pattern is not None:
        return st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii"))
    least = next((n.min_length for n in notes if isinstance(n, MinLen)), 0)
    most = next(n.max_length for n in notes if isinstance(n, MaxLen))
    if (least, most) == (3, 3):
        return st.sampled_from(["EUR", "USD", "JPY"])
    if any(isinstance(note, AfterValidator) for note in notes):
        return printable  # a customer id
    return st.text(
        st.characters(exclude_categories=["Cs"]), min_size=least, max_size=min(most, least + 12)
    )


def payloads(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Payloads the model accepts, up to its rules over several fields."""
    required = {n: i for n, i in model.model_fields.items() if i.is_required() or n == "type"}
    optional = {n: i for n, i in model.model_fields.items() if n not in required}

    def of(fields: dict[str, FieldInfo]) -> dict[str, st.SearchStrategy[Any]]:
        return {name: values(info.annotation, info.metadata) for name, info in fields.items()}

    made = st.fixed_dictionaries(of(required), optional=of(optional))
    return made.map(lambda payload: ruled(model, payload))


def ruled(model: type[BaseModel], payload: dict[str, Any]) -> dict[str, Any]:
    """The payload, made to keep the rules over several fields."""
    if "scale_min" in model.model_fields:
        scale = {"score": 4, "scale_min": 1, "scale_max": 5.0, "higher_is_better": True}
        return {**payload, **scale}
    if "into_customer_id" in model.model_fields:
        return {**payload, "customer_id": "c-1", "from_customer_id": "c-1",
                "into_customer_id": "c-2"}  # fmt: skip
    if "dedupe_key" in model.model_fields and (model is Feedback or model in TYPES.values()):
        return {**payload, "alert_id": "a-1"}
    return payload


def example(kind: str, /, **fields: Any) -> dict[str, Any]:
    """One plain payload of a type: what is required, with ordinary values, and ``fields``."""
    model = TYPES[kind]
    known = {
        "event_id": "e-1", "source": "crm/1", "type": kind, "customer_id": "c-1",
        "occurred_at": "2026-01-01T00:00:00Z", "currency": "EUR", "step": "connect_bank",
        "contact_id": "k-1", "case_id": "cs-1", "invoice_id": "i-1", "promise_id": "p-1",
    }  # fmt: skip
    made = {
        name: known.get(name, _ordinary(info.annotation, info.metadata))
        for name, info in model.model_fields.items()
        if info.is_required() or name == "type"
    }
    return {**ruled(model, made), **fields}


def _ordinary(annotation: Any, metadata: Any) -> Any:
    notes = notes_of(metadata)
    if any(isinstance(note, InstantRule) for note in notes):
        return "2026-01-02T00:00:00Z"
    if any(isinstance(note, DayRule) for note in notes):
        return "2026-01-31"
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    return {str: "x-1", int: 2, float: 0.5, bool: True}[annotation]
