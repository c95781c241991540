"""The exported JSON Schemas say what the models say, and are never stale."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from schemas.export import DIRECTORY, OUTPUTS, contents, stale, write
from schemas.touchpoints import TYPES
from tests.schemas.examples import example, payloads

SCHEMAS = contents()
ROOT = Path(__file__).parents[2]


@cache
def validator(path: str) -> Draft202012Validator:
    """A validator for one committed file."""
    schema = json.loads(SCHEMAS[path])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_committed_files_are_what_the_models_say() -> None:
    """After a change of a model: ``python -m schemas.export``, and commit what it wrote."""
    assert stale() == []


def test_stale_names_what_is_missing_changed_or_left_over(tmp_path: Path) -> None:
    """All three ways of being stale are found, and writing mends them."""
    shutil.copytree(DIRECTORY, tmp_path, dirs_exist_ok=True)
    assert stale(tmp_path) == []
    (tmp_path / "alert.json").unlink()
    (tmp_path / "metric.json").write_text("{}")
    (tmp_path / "produce" / "gone.type.json").write_text("{}")
    wrong = ["alert.json", "metric.json", "produce/gone.type.json"]
    assert stale(tmp_path) == wrong
    assert write(tmp_path) == wrong
    assert stale(tmp_path) == []


def test_another_run_writes_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in a schema depends on the run, such as the seed of its hashes."""
    code = "import sys, pathlib; from schemas.export import write; write(pathlib.Path(sys.argv[1]))"
    environment = {"PYTHONHASHSEED": "7", "PATH": ""}
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, env=environment, cwd=ROOT
    )
    assert stale(tmp_path) == []


@pytest.mark.parametrize("path", sorted(SCHEMAS))
def test_every_file_is_a_schema_or_the_list_of_codes(path: str) -> None:
    """Draft 2020-12, with an id of its own and a description for people."""
    if path == "dead_letter_codes.json":
        assert '"meaning"' in SCHEMAS[path]
        return
    schema = validator(path).schema
    assert schema["$id"] == f"urn:throughline:{path.removesuffix('.json')}:v1"
    assert schema["description"]


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_producing_is_closed_and_consuming_is_open(kind: str) -> None:
    """An unknown field fails the produce schema only; a missing type or wrong type fails both."""
    produce, consume = validator(f"produce/{kind}.json"), validator(f"consume/{kind}.json")
    good = example(kind)
    assert produce.is_valid(good) and consume.is_valid(good)
    unknown = good | {"unknown_field": 1}
    nested = good | {"actor": {"kind": "bot", "unknown_field": 1}}
    for newer in (unknown, nested):
        assert consume.is_valid(newer) and not produce.is_valid(newer)
    for broken in ({k: v for k, v in good.items() if k != "type"}, good | {"customer_id": 1}):
        assert not consume.is_valid(broken) and not produce.is_valid(broken)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(TYPES)).flatmap(lambda kind: payloads(TYPES[kind])))
def test_what_the_model_accepts_its_schema_accepts(payload: dict[str, Any]) -> None:
    """A producer who tests against the schema is not told off for what the model takes."""
    TYPES[payload["type"]].model_validate(payload, extra="forbid")
    errors = list(validator(f"produce/{payload['type']}.json").iter_errors(payload))
    assert errors == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(OUTPUTS)).flatmap(
    lambda name: st.tuples(st.just(name), payloads(OUTPUTS[name]))
))  # fmt: skip
def test_outputs_are_described_by_their_schemas(made: tuple[str, dict[str, Any]]) -> None:
    """What a model of an output accepts, its schema accepts."""
    name, payload = made
    OUTPUTS[name].model_validate(payload)
    assert list(validator(f"{name}.json").iter_errors(payload)) == []


def test_what_a_schema_refuses_the_model_refuses() -> None:
    """The schema's own limits are the model's: number, length, choice, form, requirement."""
    for change in (
        {"amount_minor": "1"}, {"amount_minor": 10**14}, {"currency": "eur"}, {"event_id": ""},
        {"channel": "fax"}, {"due_on": 5}, {"occurred_at": 1767225600}, {"customer_id": "a\nb"},
        {"pii": ["x"] * 65}, {"reason": {}},
    ):  # fmt: skip
        payload = example("invoice.issued", **change)
        assert not validator("consume/invoice.issued.json").is_valid(payload)
        with pytest.raises(ValidationError):
            TYPES["invoice.issued"].model_validate(payload)
