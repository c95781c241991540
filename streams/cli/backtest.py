"""``throughline backtest``: what would another policy have said of the same records?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli import options, screen
from streams.cli.garbage import garbage_seldom
from streams.cli.lines import Lines
from streams.cli.trouble import USAGE, Trouble

if TYPE_CHECKING:
    from streams.policy import Policy
    from streams.replay.backtest import Backtest
    from streams.replay.pairing import Sampled

WHERE = ("only_a", "only_b", "both")


def backtest(
    files: options.Files,
    policy: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Given twice: A and B. Given once: B; A is in force."),
    ] = None,
    sample: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=1000, help="Examples of each detector and outcome."),
    ] = 1,
    partitions: Annotated[int | None, typer.Option(metavar="N", min=1, max=1000)] = None,
    as_json: options.Json = False,
) -> None:
    """Replay records under two policies side by side and say where they part.

    Per detector: episodes each would have raised, only A, only B, or both (about the same, at the
    same time), and how many that is per 1,000 customers and day; examples; and which rules this
    file cannot tell anything about. With --json also by day.
    """
    deployed = options.settings(partitions=partitions)
    given = [None, *(policy or ())][-2:]
    if not policy or len(policy) > 2:
        raise Trouble(
            "It is not clear what to compare.", "Two policies are held against each other.",
            "throughline backtest FILE --policy now.toml --policy next.toml", USAGE,
        )  # fmt: skip
    policies = tuple(options.policy(file, deployed) for file in given)
    with garbage_seldom():
        compared = _run(files, policies, deployed.partitions, sample)
    told = _told(compared, policies)
    if as_json:
        screen.record(told)
    else:
        _say(told)


def _run(
    files: list[Path], policies: "tuple[Policy, ...]", partitions: int, sample: int
) -> "Backtest":
    from streams.replay.backtest import Backtest
    from streams.replay.house import ReplayHouse
    from streams.replay.places import placed
    from streams.wire import jsonl

    a, b = (ReplayHouse(one, partitions) for one in policies)
    compared = Backtest((a, b), sample)
    compared.run(placed(jsonl.read_all(Lines(files)), partitions))
    return compared


def _told(compared: "Backtest", policies: "tuple[Policy, ...]") -> dict[str, Any]:
    from streams.cohorts import catalogue as cohorts
    from streams.replay.blind_spots import blind_spots, remarks

    families = {q.kind: q.family for one in policies for q in one.questions}
    asked = [{q.kind for q in one.questions} for one in policies]
    spots = blind_spots(
        [q for one in policies for q in one.questions],
        [kind for kind, *_ in cohorts.entries()],
        compared.types,
    )
    deaf = {spot.kind for spot in spots if spot.deaf}
    telling = [kind for kind in families if kind not in deaf]
    fired = [sum(compared.differences(kind).fired[side] for kind in telling) for side in (0, 1)]
    return {
        "a": policies[0].rules.label,
        "b": policies[1].rules.label,
        "touchpoints": compared.houses[0].records,
        "customers": compared.customers,
        "days": round(compared.days, 2),
        "load": {side: round(compared.load(n), 3) for side, n in zip("ab", fired, strict=True)},
        "detectors": [
            _detector(compared, kind, family, asked)
            for kind, family in sorted(families.items(), key=lambda one: (one[1], one[0]))
            if kind not in deaf
        ],
        "cannot_tell": [spot._asdict() for spot in spots],
        "remarks": remarks(compared.types, compared.not_live),
    }


def _detector(
    compared: "Backtest", kind: str, family: str, asked: list[set[str]]
) -> dict[str, Any]:
    found = compared.differences(kind)
    days: dict[str, list[int]] = {}
    for (of, day, side), count in sorted(compared.by_day.items()):
        if of == kind:
            named = datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()
            days.setdefault(named, [0, 0])[side] = count
    return {
        "kind": kind,
        "family": family,
        "asked": {side: kind in asked[at] for at, side in enumerate("ab")},
        "fired": dict(zip("ab", found.fired, strict=True)),
        "only": dict(zip("ab", found.only, strict=True)),
        "both": found.both,
        "load": {
            side: round(compared.load(n), 3) for side, n in zip("ab", found.fired, strict=True)
        },
        "by_day": {day: {"a": a, "b": b} for day, (a, b) in days.items()},
        "samples": {
            where: [_sample(one) for one in compared.pairing.samples(kind, where)]
            for where in WHERE
        },
    }


def _sample(one: "Sampled") -> dict[str, Any]:
    from streams.wire.alert import instant

    return {
        "customer_id": one.key.customer_id,
        "object_id": one.key.object or None,
        "occurred_at": instant(one.said.at_ms),
        "severity": one.said.severity,
        "text": one.said.text,
        "evidence": list(one.said.evidence),
    }


def _say(told: dict[str, Any]) -> None:
    screen.result(f"A  {told['a']}\nB  {told['b']}")
    screen.result(
        f"{told['touchpoints']:,} touchpoints of {told['customers']:,} customers, "
        f"{told['days']:g} days"
    )
    shown = [one for one in told["detectors"] if any(one["fired"].values())]
    rows: list[tuple[object, ...]] = [
        ("", "A", "B", "only A", "only B", "both", "A, per 1,000 and day", "B")
    ]
    for one in shown:
        numbers = (one["fired"]["a"], one["fired"]["b"], one["only"]["a"], one["only"]["b"])
        off = "".join(f"  (off in {s.upper()})" for s in "ab" if not one["asked"][s])
        load = (f"{one['load']['a']:.2f}", f"{one['load']['b']:.2f}{off}")
        rows.append((one["kind"], *numbers, one["both"], *load))
    load = told["load"]
    rows.append(("all", "", "", "", "", "", f"{load['a']:.2f}", f"{load['b']:.2f}"))
    for line in screen.table(rows):
        screen.result(line)
    _say_samples(shown)
    screen.result("\nnot to be told from these records")
    for spot in told["cannot_tell"]:
        if spot["deaf"] or any(one["kind"] == spot["kind"] for one in shown):
            screen.result(f"  {spot['kind']}: {spot['why']}")
    for remark in told["remarks"]:
        screen.result(f"  {remark}")


def _say_samples(shown: list[dict[str, Any]]) -> None:
    for where, name in (("only_a", "only A"), ("only_b", "only B")):
        samples = [(one["kind"], s) for one in shown for s in one["samples"][where]]
        if samples:
            screen.result(f"\n{name}, for example")
        for kind, sample in samples:
            screen.result(
                f"  {sample['occurred_at'][:16].replace('T', ' ')}  {sample['customer_id']}  {kind}"
                f"  severity {sample['severity']}  {sample['text']}"
            )
            for line in sample["evidence"]:
                screen.result(f"      {line}")
