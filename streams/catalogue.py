"""The index: finds detectors by their being there.

A detector is a module ``streams/detectors/<family>/<kind>.py`` with a module-level ``DETECTOR``.
Nothing is registered by hand: the folder is the alert's family, the file its kind.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from pydantic import TypeAdapter, ValidationError

from streams import detectors
from streams.cohorts import catalogue as cohort_catalogue
from streams.cohorts.detector import CohortDetector, CohortQuestion
from streams.engine.detector import Detector
from streams.engine.judgement import Question

FAMILIES = ("effort", "friction", "disconnect", "moment", "relationship", "systemic")


@dataclass(frozen=True)
class Entry:
    """One detector as found.

    Args:
        family: its folder.
        kind: its file's name, the alert's ``kind``.
        detector: its ``DETECTOR``, with default thresholds; of one customer or of a cohort.
        text: its file's docstring: the question, fires when, silent when, forgets.
    """

    family: str
    kind: str
    detector: Detector | CohortDetector
    text: str

    @property
    def thresholds(self) -> dict[str, Any]:
        """Names and default values of what the policy may override."""
        return {f.name: getattr(self.detector, f.name) for f in fields(self.detector)}


class UnfitDetector(TypeError):
    """A detector file does not hold what one must hold; the text says which and what."""


def entries() -> list[Entry]:
    """Every detector there is, sorted by family and kind.

    Raises:
        UnfitDetector: a file in a family folder lacks a docstring, a ``DETECTOR`` or an action.
    """
    found = []
    for family in iter_modules(detectors.__path__):
        package = import_module(f"{detectors.__name__}.{family.name}")
        found += [_entry(family.name, module.name) for module in iter_modules(package.__path__)]
    return sorted(found, key=lambda entry: (entry.family, entry.kind))


def _entry(family: str, kind: str) -> Entry:
    where = f"streams/detectors/{family}/{kind}.py"
    if family not in FAMILIES:
        raise UnfitDetector(f"{where}: {family} is not an alert family; use one of {FAMILIES}")
    module = import_module(f"{detectors.__name__}.{family}.{kind}")
    detector = getattr(module, "DETECTOR", None)
    own = vars(type(detector))  # the base is a dataclass too, so look at the class itself
    if not isinstance(detector, Detector) or "__dataclass_params__" not in own:
        raise UnfitDetector(f"{where}: needs DETECTOR = an instance of its frozen dataclass")
    if not module.__doc__ or not detector.action or not detector.listens:
        raise UnfitDetector(f"{where}: needs a docstring, what it listens to and an action")
    return Entry(family, kind, detector, module.__doc__)


def questions(overrides: Mapping[str, Mapping[str, Any]] | None = None) -> list[Question]:
    """The detectors as the engine asks them, with the policy's thresholds.

    Args:
        overrides: thresholds by kind, as in the policy's ``[detectors.<kind>]`` tables;
            ``enabled = false`` leaves a detector out, ``true`` takes in one that is not asked by
            default. A threshold that is a table is changed entry
            by entry.

    Raises:
        ValueError: an unknown kind or key, or a value out of range; the text names the key.
    """
    if not isinstance(overrides, Mapping | None):
        raise ValueError(f"detectors: must be a table of tables, not {overrides!r}")
    overrides = dict(overrides or {})
    asked = [
        Question(entry.family, entry.kind, detector)
        for entry, detector in _in_force(entries(), overrides)
    ]
    if overrides:
        raise ValueError(
            f"detectors.{min(overrides)}: no such detector; `throughline detectors` lists them"
        )
    return asked


def on_request() -> list[Question]:
    """Detectors that are asked only where the policy says so, with default thresholds."""
    kinds = [entry.kind for entry in entries() if not entry.detector.by_default]
    wanted = {kind: {"enabled": True} for kind in kinds}
    return [question for question in questions(wanted) if question.kind in wanted]


def cohort_entries() -> list[Entry]:
    """Every cohort detector there is, sorted by kind; their alerts are of the systemic family."""
    return [Entry("systemic", *found) for found in cohort_catalogue.entries()]


def cohort_questions(overrides: dict[str, Any]) -> list[CohortQuestion]:
    """The cohort detectors with the policy's thresholds.

    Args:
        overrides: tables by kind; those used here are taken out.

    Raises:
        ValueError: as ``questions``.
    """
    return [
        CohortQuestion(entry.kind, detector)
        for entry, detector in _in_force(cohort_entries(), overrides)
    ]


def _in_force(entries: Iterable[Entry], overrides: dict[str, Any]) -> Iterator[tuple[Entry, Any]]:
    """Those that are asked, each with its thresholds; tables that were used are taken out."""
    for entry in entries:
        changed = overrides.pop(entry.kind, {})
        if not isinstance(changed, Mapping):
            raise ValueError(f"detectors.{entry.kind}: must be a table, not {changed!r}")
        changed = dict(changed)
        enabled = changed.pop("enabled", entry.detector.by_default)
        if not isinstance(enabled, bool):
            raise ValueError(f"detectors.{entry.kind}.enabled: true or false, not {enabled!r}")
        if enabled:
            yield entry, _adjusted(entry, changed)


def _adjusted(entry: Entry, changed: dict[str, Any]) -> Any:
    unknown = sorted(set(changed) - set(entry.thresholds))
    if unknown:
        raise ValueError(
            f"detectors.{entry.kind}.{unknown[0]}: unknown key; "
            f"it has {', '.join(entry.thresholds) or 'no thresholds'}"
        )
    if not changed:
        return entry.detector
    for name, default in entry.thresholds.items():
        if isinstance(default, dict) and isinstance(changed.get(name), dict):
            changed[name] = {**default, **changed[name]}
    adapter = TypeAdapter(type(entry.detector))
    try:
        adjusted = adapter.validate_python({**entry.thresholds, **changed})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"detectors.{entry.kind}.{key}: {first['msg']}") from None
    refuse_what_only_looks_so(changed, vars(adjusted), f"detectors.{entry.kind}")
    return adjusted


def refuse_what_only_looks_so(given: Any, taken: Any, key: str) -> None:
    """Refuse a text or a truth value where a number is wanted, however much it looks like one.

    Args:
        given: as it stands in the policy's file.
        taken: what was made of it.
        key: where it stands.

    Raises:
        ValueError: names the key.
    """
    if isinstance(given, Mapping):
        for name, value in given.items():
            inner = taken.get(name) if isinstance(taken, Mapping) else None
            refuse_what_only_looks_so(value, inner, f"{key}.{name}")
    elif isinstance(given, list | tuple) and isinstance(taken, list | tuple):
        for at, (value, inner) in enumerate(zip(given, taken, strict=False)):
            refuse_what_only_looks_so(value, inner, f"{key}.{at}")
    elif isinstance(given, str | bool) and type(given) is not type(taken):
        raise ValueError(f"{key}: must be a number, not {given!r}")
