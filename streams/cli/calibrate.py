"""``throughline calibrate``: the index held against what customers say; never applied by itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli import options, screen
from streams.cli.lines import Lines
from streams.cli.trouble import NOT_READY, USAGE, Trouble

if TYPE_CHECKING:
    from streams.policy import Policy
    from streams.replay.calibration import Calibration, Suggestion
    from streams.replay.ranks import Correlation


def calibrate(
    files: options.Files,
    policy: options.PolicyFile = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a policy file with the suggested points."),
    ] = None,
    partitions: Annotated[int | None, typer.Option(metavar="N", min=1, max=1000)] = None,
    as_json: options.Json = False,
) -> None:
    """Hold the effort index against customers' own answers about effort (CES).

    Each answer is paired with the index at the time it was given. From 200 answers on, points are
    suggested that would have fitted them better. Nothing changes until somebody runs with the file.
    """
    from streams.replay.calibration import Calibration

    deployed = options.settings(partitions=partitions)
    in_force = options.policy(policy, deployed)
    base = policy or deployed.policy
    if out is not None and base is not None and out.resolve() == base.resolve():
        raise Trouble(
            "The policy in force is not overwritten.", f"{out} is the policy replayed.",
            "Name another file; compare the two with throughline backtest.", USAGE,
        )  # fmt: skip
    taken = Calibration()
    customers, behind = _take(taken, files, in_force, deployed.partitions)
    found = taken.correlation()
    suggested = taken.suggestions(in_force.rules.effort.points)
    told = _told(taken, found, suggested, customers, behind, in_force)
    if as_json:
        screen.record(told)
    else:
        _say(told)
    if out is not None:
        if suggested is None:
            raise Trouble(
                f"{out} was not written.",
                _why_not(told),
                "Give files with more answers.",
                NOT_READY,
            )
        out.write_text(_file(base, suggested, told), "utf-8")
        screen.note(f"written: {out}; what it would change: throughline backtest FILE "
                    f"--policy {base or 'streams/policy.toml'} --policy {out}")  # fmt: skip


def _take(
    taken: "Calibration", files: list[Path], in_force: "Policy", partitions: int
) -> tuple[int, int]:
    """Replay the files into it; customers who answered, and answers that came behind."""
    from streams.replay.answers import Answers
    from streams.replay.house import ReplayHouse
    from streams.replay.places import placed
    from streams.wire import jsonl

    answers = Answers(ReplayHouse(in_force, partitions))
    customers = set()
    for answer in answers.among(placed(jsonl.read_all(Lines(files)), partitions)):
        taken.take(answer)
        customers.add(answer.customer)
    return len(customers), answers.behind


def _told(
    taken: "Calibration",
    found: "Correlation | None",
    suggested: "list[Suggestion] | None",
    customers: int,
    behind: int,
    in_force: "Policy",
) -> dict[str, Any]:
    from streams.replay.calibration import ANSWERS_MIN

    return {
        "answers": taken.n,
        "customers": customers,
        "behind": behind,
        "missing": max(0, ANSWERS_MIN - taken.n),
        "correlation": found and {name: _rounded(v) for name, v in found._asdict().items()},
        "suggested": suggested and [one._asdict() for one in suggested],
        "policy_version": in_force.rules.label,
    }


def _rounded(value: float) -> float:
    return round(value, 4) if isinstance(value, float) else value


def _say(told: dict[str, Any]) -> None:
    screen.result(
        f"{told['answers']:,} CES answers of {told['customers']:,} customers beside the index "
        f"under {told['policy_version']}"
    )
    if told["behind"]:
        screen.result(f"  {told['behind']:,} more came behind the customer's own time: left out")
    found = told["correlation"]
    if found is None:
        screen.result("  no rank correlation: too few answers, or all of them alike")
    else:
        screen.result(
            f"  rank correlation of effort and ease {found['rho']:+.2f}, "
            f"95 % interval {found['low']:+.2f} to {found['high']:+.2f}: {_verdict(found)}"
        )
    if told["suggested"] is None:
        screen.result(f"  no points are suggested: {_why_not(told)}")
        return
    screen.result("  points, in force → as the answers have it, answers with the component")
    rows = [
        (one["name"], f"{one['points']:g}", "→", f"{one['suggested']:g}", one["seen"])
        for one in told["suggested"]
        if one["seen"]
    ]
    for line in screen.table(rows, indent=4):
        screen.result(line)


def _verdict(found: dict[str, Any]) -> str:
    if found["high"] < 0:
        return "the index says what customers say"
    return "the index contradicts them" if found["low"] > 0 else "nothing can be said yet"


def _why_not(told: dict[str, Any]) -> str:
    if told["missing"]:
        return f"it takes 200 answers, {told['missing']:,} more than there are"
    return "effort explains the answers no better than chance would"


def _file(base: Path | None, suggested: "list[Suggestion]", told: dict[str, Any]) -> str:
    """The policy file in force with the suggested points in it, and where they come from."""
    import tomllib

    from streams.cli.policy import toml
    from streams.policy import DEFAULT

    table = tomllib.loads((base or DEFAULT).read_text("utf-8"))
    table["version"] += "-calibrated"
    effort = table.setdefault("effort", {})
    effort["points"] = {
        **effort.get("points", {}),
        **{one.name: one.suggested for one in suggested if one.suggested != one.points},
    }
    found = told["correlation"]
    head = (
        f"# Points suggested by {told['answers']} CES answers of {told['customers']} customers.\n"
        f"# Under {told['policy_version']} the rank correlation of effort and ease was "
        f"{found['rho']:+.2f} ({found['low']:+.2f} to {found['high']:+.2f}).\n"
    )
    return head + "\n".join(toml(table)) + "\n"
