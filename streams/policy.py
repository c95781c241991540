"""The policy: every threshold, weight and deadline, from one TOML file, validated and versioned.

Whatever the file leaves out keeps its default. An unknown key, or one that nothing uses, is an
error that names it. Alerts carry ``label``: the file's ``version`` and a digest of what is in
force, so that two policies never share a name by accident.
"""

import hashlib
import re
import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import msgspec
from pydantic import TypeAdapter, ValidationError

from streams import catalogue, opening_hours
from streams.cohorts.detector import CohortQuestion
from streams.cohorts.dimensions import DIMENSIONS
from streams.cohorts.rules import CohortRules
from streams.engine.calendars import BUILT_IN, Calendar
from streams.engine.judgement import Question
from streams.engine.outreach.hours import WEEKDAYS
from streams.engine.outreach_rules import OutreachRules
from streams.engine.rules import (
    EffortPoints,
    EffortRules,
    LimitRules,
    PromiseRules,
    Rules,
    ScoreRules,
    SeverityRules,
    SnapshotRules,
    TimeRules,
)

DEFAULT = Path(__file__).with_name("policy.toml")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)

OWNERS = {
    "service_process": "customer_service",
    "product_quality": "product",
    "expectation": "sales",
    "billing": "billing",
    "onboarding": "onboarding",
    "knowledge": "knowledge",
    "external": "customer_service",
    "renewal_risk_rollup": "account_management",
}

_SECTIONS = {
    "time": TimeRules,
    "limits": LimitRules,
    "severity": SeverityRules,
    "promises": PromiseRules,
    "scores": ScoreRules,
    "snapshots": SnapshotRules,
    "outreach": OutreachRules,
}


class PolicyError(ValueError):
    """The policy file cannot be used: what is wrong, at which key, and what to do."""


@dataclass(frozen=True)
class Policy:
    """Rules and questions in force.

    Args:
        version: the file's own name for itself.
        rules: for the engine.
        questions: the detectors with their thresholds.
        cohorts: which cohorts there are, and their standards.
        cohort_questions: the detectors of cohorts with their thresholds.
    """

    version: str
    rules: Rules
    questions: tuple[Question, ...]
    cohorts: CohortRules = field(default_factory=CohortRules)
    cohort_questions: tuple[CohortQuestion, ...] = ()

    def as_table(self) -> dict[str, Any]:
        """Everything in force, as plain values, in the shape of the TOML file."""
        rules = asdict(replace(self.rules, calendars={}, zones={}))
        asked: tuple[Question | CohortQuestion, ...] = (*self.questions, *self.cohort_questions)
        del rules["label"], rules["zones"]
        rules["calendars"] = {
            name: opening_hours.table_of(calendar)
            for name, calendar in self.rules.calendars.items()
            if name not in BUILT_IN
        }
        return {
            "version": self.version,
            **rules,
            "cohorts": asdict(self.cohorts),
            "detectors": _asked(asked),
        }


def with_everything(policy: Policy) -> Policy:
    """The same policy, asking also the detectors that are asked only on request."""
    asked = {question.kind for question in policy.questions}
    more = [question for question in catalogue.on_request() if question.kind not in asked]
    return replace(policy, questions=(*policy.questions, *more))


def _asked(asked: tuple[Question | CohortQuestion, ...]) -> dict[str, dict[str, Any]]:
    """The tables of detectors: thresholds, and ``enabled`` where that is not the default."""
    tables = {question.kind: asdict(question.detector) for question in asked}
    for entry in (*catalogue.entries(), *catalogue.cohort_entries()):
        if (entry.kind in tables) != entry.detector.by_default:
            tables.setdefault(entry.kind, {})["enabled"] = entry.kind in tables
    return tables


def load(path: Path | None = None) -> Policy:
    """Read and validate a policy file.

    Args:
        path: the TOML file; None for the defaults that come with the program.

    Raises:
        PolicyError: the file cannot be read, is not TOML, or a key is unknown or out of range.
    """
    path = path or DEFAULT
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror or error}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{path}: {error}") from None
    try:
        return from_table(table)
    except PolicyError as error:
        raise PolicyError(f"{path}: {error}") from None


def from_table(table: dict[str, Any]) -> Policy:
    """A policy from the parsed TOML table; see ``load``."""
    table = dict(table)
    version = table.pop("version", None)
    if not isinstance(version, str) or not version:
        raise PolicyError('version: must be a non-empty string, e.g. version = "2026-11"')
    parts: dict[str, Any] = {
        name: _section(name, cls, table.pop(name, {})) for name, cls in _SECTIONS.items()
    }
    parts["effort"] = _effort(table.pop("effort", {}))
    parts["owners"] = _owners(table.pop("owners", {}))
    cohorts = _cohorts(table.pop("cohorts", {}))
    try:
        parts["calendars"] = opening_hours.read(table.pop("calendars", {}))
        detectors = table.pop("detectors", {})
        detectors = dict(detectors) if isinstance(detectors, dict) else detectors
        of_cohorts: tuple[CohortQuestion, ...] = ()
        if isinstance(detectors, dict):
            of_cohorts = tuple(catalogue.cohort_questions(detectors))
        questions = tuple(catalogue.questions(detectors))
    except ValueError as error:
        raise PolicyError(str(error)) from None
    _check_calendars(questions, parts["calendars"])
    _check_outreach(parts["outreach"])
    if table:
        sections = ["effort", "owners", "calendars", "cohorts", "detectors", *_SECTIONS]
        known = ", ".join(["version", *sections])
        raise PolicyError(f"{min(table)}: unknown key; known are {known}")
    rules = Rules(label=version, zones=opening_hours.ZONES, **parts)
    policy = Policy(version, rules, questions, cohorts, of_cohorts)
    return replace(policy, rules=replace(policy.rules, label=f"{version}+{_digest(policy)}"))


def _effort(table: dict[str, Any]) -> EffortRules:
    if not isinstance(table, dict):
        raise PolicyError("effort: must be a table")
    table = dict(table)
    points = _section("effort.points", EffortPoints, table.pop("points", {}))
    segments = table.pop("segments", {})
    if not isinstance(segments, dict):
        raise PolicyError("effort.segments: must be a table of tables")
    by_segment = {
        name: replace(points, **_changed(f"effort.segments.{name}", own))
        for name, own in segments.items()
    }
    rules: EffortRules = _section("effort", EffortRules, table)
    return replace(rules, points=points, segments=by_segment)


def _changed(name: str, table: Any) -> dict[str, float]:
    """The points a segment's table sets; what it leaves out is as for everybody."""
    checked = _section(name, EffortPoints, table)
    return {component: getattr(checked, component) for component in table}


def _cohorts(table: Any) -> CohortRules:
    rules: CohortRules = _section("cohorts", CohortRules, table)
    named = [("dimensions", name) for name in rules.dimensions]
    named += [("pairs", name) for pair in rules.pairs for name in pair]
    for key, name in named:
        if name not in DIMENSIONS:
            known = ", ".join(DIMENSIONS)
            raise PolicyError(f"cohorts.{key}: there is no {name!r}; there are {known}")
    return rules


def _section(name: str, cls: Any, table: Any) -> Any:
    known = [one.name for one in fields(cls)]
    unknown = sorted(set(table) - set(known)) if isinstance(table, dict) else []
    if unknown:
        raise PolicyError(f"{name}.{unknown[0]}: unknown key; known are {', '.join(known)}")
    try:
        section = TypeAdapter(cls).validate_python(table)
        catalogue.refuse_what_only_looks_so(table, vars(section), name)
        return section
    except ValidationError as error:
        first = error.errors()[0]
        # Of a value that may be a number or a word, pydantic also names which of them it tried.
        parts = [str(part) for part in first["loc"] if not str(part).startswith("constrained-")]
        key = ".".join([name, *parts])
        raise PolicyError(f"{key}: {first['msg']}, not {first['input']!r}") from None
    except ValueError as error:
        raise PolicyError(str(error)) from None


def _owners(table: Any) -> dict[str, str]:
    if not isinstance(table, dict):
        raise PolicyError("owners: must be a table, [owners]")
    kinds = {entry.kind for entry in (*catalogue.entries(), *catalogue.cohort_entries())}
    for cause, team in table.items():
        if cause not in OWNERS and cause not in kinds:
            known = ", ".join(name for name in OWNERS if name not in kinds)
            raise PolicyError(
                f"owners.{cause}: unknown cause class; known are {known}, and any kind of alert"
            )
        if not isinstance(team, str) or not team:
            raise PolicyError(f"owners.{cause}: must name a team, not {team!r}")
    return {**OWNERS, **table}


def _check_calendars(questions: tuple[Question, ...], calendars: dict[str, Calendar]) -> None:
    """Every threshold named ``calendar`` or ``…_calendar`` names one that there is."""
    for question in questions:
        for key, name in asdict(question.detector).items():
            if (key == "calendar" or key.endswith("_calendar")) and name not in calendars:
                raise PolicyError(
                    f"detectors.{question.kind}.{key}: no calendar {name!r}; "
                    f"there are {', '.join(calendars)}"
                )


def _check_outreach(rules: OutreachRules) -> None:
    """Clocks are clocks, days are days, detectors are there, and some time is left."""
    for key in ("quiet_from", "quiet_to"):
        if not _CLOCK.fullmatch(getattr(rules, key)):
            raise PolicyError(
                f'outreach.{key}: must be a wall-clock time, "00:00" to "24:00", '
                f"not {getattr(rules, key)!r}"
            )
    kinds = [entry.kind for entry in catalogue.entries()]
    for key, known in (("never", kinds), ("notices", kinds), ("quiet_days", WEEKDAYS)):
        for name in getattr(rules, key):
            if name not in known:
                raise PolicyError(
                    f"outreach.{key}: there is no {name!r}; there are {', '.join(known)}"
                )
    all_day = {rules.quiet_from, rules.quiet_to} == {"00:00", "24:00"}
    if len(set(rules.quiet_days)) == len(WEEKDAYS) or all_day:
        raise PolicyError(
            "outreach.quiet_days: leaves no time to reach anybody; to stop outreach set cap = 0"
        )


def _digest(policy: Policy) -> str:
    # The zones' own changes of clocks are in force too, and are no part of the file.
    clocks = {
        name: calendar.offsets
        for name, calendar in policy.rules.calendars.items()
        if name not in BUILT_IN
    }
    packed = msgspec.json.encode(_numbers([policy.as_table(), clocks]), order="deterministic")
    return hashlib.sha256(packed).hexdigest()[:8]


def _numbers(value: Any) -> Any:
    """The same with every number as a float: 30 and 30.0 are one policy, not two."""
    if isinstance(value, dict):
        return {name: _numbers(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(inner) for inner in value]
    return float(value) if isinstance(value, int) else value
