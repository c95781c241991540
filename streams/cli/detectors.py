"""``throughline detectors``: which questions are asked, and when each fires."""

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli import options, screen
from streams.cli.trouble import FAILED, USAGE, Trouble

if TYPE_CHECKING:
    from streams.catalogue import Entry


def detectors(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help="One detector, told in full.")
    ] = None,
    policy: options.PolicyFile = None,
    evaluate: Annotated[
        bool,
        typer.Option("--evaluate", help="Hold each one against stories with a known outcome."),
    ] = False,
    touchpoints: Annotated[
        int, typer.Option(metavar="N", min=1, help="With --evaluate: about how many to simulate.")
    ] = 1_000_000,
    seed: Annotated[
        int, typer.Option(metavar="S", min=0, help="With --evaluate: same seed, same findings.")
    ] = 7,
    jobs: Annotated[
        int, typer.Option(metavar="N", min=1, max=64, help="With --evaluate: processes.")
    ] = 2,
    as_json: options.Json = False,
) -> None:
    """List the detectors: the question each asks, what it suggests, what can be adjusted.

    --evaluate simulates a company, replays it and says for each detector how many of the planted
    stories it found, how often it spoke for nothing, how long after the trouble began, what load it
    makes where nothing is planted, and what it costs. Exit code 1 if one was missed or said for
    nothing.
    """
    if evaluate:
        _evaluate(kind, touchpoints, seed, jobs, policy, as_json)
        return
    from streams import catalogue

    chosen = options.policy(policy)
    asked: tuple[Any, ...] = (*chosen.questions, *chosen.cohort_questions)
    in_force = {question.kind: question.detector for question in asked}
    everybody = [*catalogue.entries(), *catalogue.cohort_entries()]
    entries = [entry for entry in everybody if kind in (None, entry.kind)]
    if not entries:
        raise Trouble(
            f"There is no detector {kind}.",
            options.nearest(str(kind), [entry.kind for entry in everybody]),
            "throughline detectors lists them with their questions.",
            USAGE,
        )
    if as_json:
        for entry in entries:
            screen.record(_told(entry, in_force.get(entry.kind)))
    elif kind:
        _show(entries[0], in_force.get(kind))
    else:
        _list(entries, in_force)


def _evaluate(
    kind: str | None, touchpoints: int, seed: int, jobs: int, policy: Path | None, as_json: bool
) -> None:
    if kind:
        raise Trouble(
            "Detectors are evaluated all together.",
            f"A story may concern several; {kind} cannot be told alone.",
            "throughline detectors --evaluate",
            USAGE,
        )
    from streams.cli.evaluation import told
    from streams.cli.evaluation.run import run

    found = run(touchpoints, seed, jobs, options.settings().policy if policy is None else policy)
    if as_json:
        screen.record(told.as_json(found))
    else:
        for line in told.lines(found):
            screen.result(line)
    if found.faults():
        raise SystemExit(FAILED)


def _told(entry: "Entry", detector: Any) -> dict[str, Any]:
    adjusted = detector or entry.detector
    return {
        "family": entry.family,
        "kind": entry.kind,
        "question": question(entry.text),
        "text": inspect.cleandoc(entry.text),
        "suggested_action": entry.detector.action,
        "cause_class": entry.detector.cause,
        "listens": list(getattr(entry.detector, "listens", ())),
        "thresholds": {name: getattr(adjusted, name) for name in entry.thresholds},
        "defaults": entry.thresholds,
        "enabled": detector is not None,
    }


def question(text: str) -> str:
    """The first paragraph of a detector's text, on one line.

    Args:
        text: its docstring.
    """
    return " ".join(inspect.cleandoc(text).split("\n\n")[0].split())


def _list(entries: "list[Entry]", in_force: dict[str, Any]) -> None:
    family = ""
    width = max(len(entry.kind) for entry in entries)
    for entry in entries:
        if entry.family != family:
            family = entry.family
            screen.result(family)
        off = "" if entry.kind in in_force else "  (off by the policy)"
        screen.result(f"  {entry.kind:{width}}  {question(entry.text)}{off}")


def _show(entry: "Entry", detector: Any) -> None:
    from streams.cohorts.detector import CohortDetector

    screen.result(f"{entry.family}/{entry.kind}{'' if detector else '  (off by the policy)'}\n")
    screen.result(_for_people(entry.text))
    screen.result(f"\nSuggests     {entry.detector.action}")
    if isinstance(entry.detector, CohortDetector):
        screen.result(f"Asked        about cohorts, once a {entry.detector.period}")
    else:
        screen.result(f"Listens to   {', '.join(entry.detector.listens)}")
    if not entry.thresholds:
        return
    screen.result(f"\n[detectors.{entry.kind}]")
    for name, default in entry.thresholds.items():
        value = getattr(detector or entry.detector, name)
        note = "" if value == default else f"   # default {default!r}"
        screen.result(f"{name} = {_toml(value)}{note}")


def _for_people(text: str) -> str:
    """A detector's text without what only its developers read: marks of code, and requirements."""
    lines = inspect.cleandoc(text).replace("``", "`").splitlines()
    return "\n".join(line for line in lines if not line.startswith("Requirements "))


def _toml(value: Any) -> str:
    from streams.cli.policy import toml_value

    return toml_value(value)
