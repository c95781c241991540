"""The contracts as JSON Schema (draft 2020-12), for producers and readers in any language.

``python -m schemas.export`` writes ``schemas/json``: ``produce/<type>.json`` is what a producer
must send (unknown fields refused), ``consume/<type>.json`` what a reader must bear (unknown fields
allowed), and one file for each of our own outputs. A test fails while the files are stale.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from schemas.alerts import Alert
from schemas.audit import AuditReceipt
from schemas.cohort_alerts import CohortAlert
from schemas.dead_letters import CODES
from schemas.feedback import Feedback
from schemas.insights import AgentFeedback, UpstreamInsight
from schemas.metrics import MetricRecord
from schemas.outcomes import JourneyOutcome
from schemas.outreach import OutreachCandidate, OutreachObservation
from schemas.snapshots import JourneySnapshot
from schemas.touchpoints import TYPES

DIRECTORY = Path(__file__).parent / "json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
OUTPUTS: dict[str, type[BaseModel]] = {
    "agent_feedback": AgentFeedback,
    "alert": Alert,
    "cohort_alert": CohortAlert,
    "audit": AuditReceipt,
    "feedback": Feedback,
    "journey_outcome": JourneyOutcome,
    "journey_snapshot": JourneySnapshot,
    "metric": MetricRecord,
    "outreach_candidate": OutreachCandidate,
    "outreach_observation": OutreachObservation,
    "upstream_insight": UpstreamInsight,
}


@cache
def contents() -> dict[str, str]:
    """Every file by its path relative to the directory: its text, always the same."""
    files: dict[str, Any] = {}
    for kind, model in TYPES.items():
        files[f"consume/{kind}.json"] = open_ = _schema(model, f"consume/{kind}", kind)
        files[f"produce/{kind}.json"] = _closed(open_) | {"$id": _id(f"produce/{kind}")}
    for name, model in OUTPUTS.items():
        files[f"{name}.json"] = _schema(model, name)
    files["dead_letter_codes.json"] = {code: said._asdict() for code, said in CODES.items()}
    return {
        path: json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        for path, content in sorted(files.items())
    }


class _Untitled(GenerateJsonSchema):
    """Without a title for every field, which would only repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _schema(model: type[BaseModel], name: str, kind: str | None = None) -> dict[str, Any]:
    schema = _without_null_defaults(model.model_json_schema(schema_generator=_Untitled))
    if kind is not None:
        schema["required"] = sorted({*schema.get("required", []), "type"})
        schema["properties"]["type"].pop("default", None)
    return {"$schema": DIALECT, "$id": _id(name), **schema}


def _id(name: str) -> str:
    return f"urn:throughline:{name}:v1"


def _without_null_defaults(schema: Any) -> Any:
    """An optional field says so by not being required; ``"default": null`` says nothing more."""
    if isinstance(schema, list):
        return [_without_null_defaults(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_null_defaults(part)
        for name, part in schema.items()
        if not (name == "default" and part is None)
    }


def _closed(schema: Any) -> Any:
    """The schema with every object of named fields closed to others."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(part) for name, part in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        closed["additionalProperties"] = False
    return closed


def stale(directory: Path = DIRECTORY) -> list[str]:
    """Paths of the files that are missing, differ from the models, or belong to no model.

    Args:
        directory: where the files were written.
    """
    wanted = contents()
    there = {str(path.relative_to(directory)): path for path in directory.rglob("*.json")}
    wrong = {path for path, text in wanted.items() if _text(there.get(path)) != text}
    return sorted(wrong | (there.keys() - wanted.keys()))


def _text(path: Path | None) -> str | None:
    return path.read_text(encoding="utf-8") if path else None


def write(directory: Path = DIRECTORY) -> list[str]:
    """Bring the directory up to date.

    Args:
        directory: where to write.

    Returns:
        The paths that were written or removed.
    """
    wanted = contents()
    changed = stale(directory)
    for path in changed:
        target = directory / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path], encoding="utf-8")
        else:
            target.unlink()
    return changed


if __name__ == "__main__":
    sys.stderr.write("".join(f"{path}\n" for path in write()))
