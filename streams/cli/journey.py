"""``throughline journey``: one customer, with the arithmetic of the score."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli import options, screen
from streams.cli.lines import Lines
from streams.cli.trouble import FAILED, Trouble

if TYPE_CHECKING:
    from streams.engine.journey import Contribution, Journey
    from streams.engine.rules import Rules
    from streams.replay.timeline import Heard
    from streams.settings import Settings

app = typer.Typer(help="One customer's journey.", no_args_is_help=True)


@app.callback()
def _one_of_many() -> None:
    """One customer's journey."""


@app.command("show")
def show(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer_id.")],
    file: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Replay these; else what the workers keep is read."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="As it stood then (RFC 3339, or now).")
    ] = None,
    policy: options.PolicyFile = None,
    partitions: Annotated[int | None, typer.Option(metavar="N", min=1, max=1000)] = None,
    broker: options.Broker = None,
    as_json: options.Json = False,
) -> None:
    """Show what happened to a customer, what each touchpoint added, and why the score is so.

    From files the whole timeline is told. From the changelog of running workers, what they keep:
    the latest touchpoints that mattered and the largest contributions.
    """
    deployed = options.settings(broker=broker, partitions=partitions)
    in_force = options.policy(policy, deployed)
    at_ms = options.instant_ms(at) if at else None
    if file:
        _from_files(customer, file, at_ms, in_force, deployed, as_json)
        return
    journey = _kept(customer, deployed, in_force)
    _tell(journey, max(journey.clock_ms, at_ms or 0), in_force, as_json, [])


def _from_files(
    customer: str,
    files: list[Path],
    at_ms: int | None,
    in_force: Any,
    deployed: "Settings",
    as_json: bool,
) -> None:
    from streams.replay.house import ReplayHouse
    from streams.replay.places import placed
    from streams.replay.timeline import Timeline
    from streams.wire import jsonl

    house = ReplayHouse(
        in_force, deployed.partitions, deployed.topic("touchpoints.v1"), explain=True
    )
    timeline = Timeline(house, customer)
    records = placed(jsonl.read_all(Lines(files)), deployed.partitions)
    if at_ms is not None:
        records = (one for one in records if one[1].timestamp_ms <= at_ms)
    heard = list(timeline.follow(records))
    if at_ms is not None:
        heard += timeline.pass_time(at_ms)
    if timeline.joined is not None:
        raise _joined(customer, timeline.joined)
    if timeline.journey is None:
        raise _unknown(
            customer, f"No readable touchpoint in {', '.join(map(str, files))} is theirs."
        )
    _tell(timeline.journey, at_ms or timeline.as_of_ms, in_force, as_json, heard)


def _kept(customer: str, deployed: "Settings", in_force: Any) -> "Journey":
    """The journey as the workers' changelog has it."""
    from streams.engine.identity_kept import Alias
    from streams.engine.partitioning import partition_of
    from streams.kafka.reading import reading
    from streams.kafka.topics import TOUCHPOINTS, changelog_of
    from streams.wire.journey import JourneyCodec

    key, encoded = customer.encode(), None
    changelog = changelog_of(deployed, deployed.topic(TOUCHPOINTS))
    with reading(deployed, changelog) as read:
        partition = partition_of(key, read.partitions)
        starts = {tp: at for tp, at in read.starts().items() if tp.partition == partition}
        for _, _, record in read.up_to_now(starts):
            if record.key == key:
                encoded = record.value
    if encoded is None:
        raise _unknown(customer, f"{changelog} has no journey of theirs.")
    kept: object = JourneyCodec(in_force.questions).decode(encoded)
    if isinstance(kept, Alias):
        raise _joined(customer, kept.into)
    return kept  # type: ignore[return-value]


def _joined(customer: str, into: str) -> Trouble:
    return Trouble(
        f"Customer {customer} is known as {into}.",
        "The two ids were merged; the journey of both is under the second.",
        f"throughline journey {into}",
        FAILED,
    )


def _unknown(customer: str, why: str) -> Trouble:
    return Trouble(
        f"Nothing is known of customer {customer}.",
        why,
        "Check the id (upper and lower case matter), or name another source.",
        FAILED,
    )


def _tell(
    journey: "Journey", as_of_ms: int, in_force: Any, as_json: bool, heard: "list[Heard]"
) -> None:
    from streams.cli.standing import standing
    from streams.replay.snapshot import snapshot

    rules = in_force.rules
    told = snapshot(journey, as_of_ms, rules, in_force.questions)
    if as_json:
        screen.record(
            {
                **told,
                "arithmetic": _arithmetic(journey, as_of_ms, rules),
                "timeline": [_moment(one) for one in heard],
            }
        )
        return
    screen.result(
        f"{journey.customer_id}  effort {told['jei']['value']:g} of 100  stage {told['stage']}  "
        f"{journey.n} touchpoints  as of {told['as_of'][:16].replace('T', ' ')}  "
        f"policy {rules.label}"
    )
    for line in standing(told):
        screen.result(line)
    _tell_open(told)
    if heard:
        screen.result("\nwhat happened")
        for one in heard:
            _tell_moment(one)
    else:
        _tell_recent(journey)
    _tell_arithmetic(_arithmetic(journey, as_of_ms, rules), rules)


def _tell_open(told: dict[str, Any]) -> None:
    for issue in told["issues"]:
        screen.result(
            f"  open issue    {issue['issue_key']}  since {issue['first_seen_at'][:10]}  "
            f"{screen.count(issue['contacts'], 'contact')}, "
            f"{screen.count(issue['transfers'], 'transfer')}"
        )
    for promise in told["promises"]:
        screen.result(
            f"  promised      {promise['kind'] or promise['promise_id']}  "
            f"by {promise['due_at'][:16].replace('T', ' ')}"
        )
    for episode in told["episodes"]:
        about = f"  about {episode['object_id']}" if episode["object_id"] else ""
        screen.result(
            f"  open episode  {episode['kind']}  severity {episode['severity']}  "
            f"{episode['state']} since {episode['opened_at'][:10]}{about}"
        )


def _tell_moment(one: "Heard") -> None:
    from streams.console import words
    from streams.wire.alert import instant

    if one.record is not None:
        when = str(one.touchpoint.get("occurred_at", instant(one.record.timestamp_ms)))[:16]
        fate = "" if one.taken else "  (not taken: a duplicate, too late, or unreadable)"
        added = "  ".join(f"{c.component} +{c.points:g}" for c in one.contributions)
        screen.result(
            f"  {when.replace('T', ' ')}  {one.touchpoint.get('type', '?'):28} "
            f"{added}{fate}".rstrip()
        )
    else:
        for c in one.contributions:
            screen.result(
                f"  {instant(c.at_ms)[:16].replace('T', ' ')}  {'(time passed)':28} "
                f"{c.component} +{c.points:g}"
            )
    for alert in one.alerts:
        screen.result(f"      {words.line(alert)}")


def _tell_recent(journey: "Journey") -> None:
    from streams.wire.alert import instant

    screen.result(f"\nwhat is remembered of {journey.n} touchpoints")
    for mark in journey.recent:
        added = f"+{mark.points:g}" if mark.points else ""
        screen.result(
            f"  {instant(mark.at_ms)[:16].replace('T', ' ')}  {mark.type:28} {added}".rstrip()
        )


def _arithmetic(journey: "Journey", as_of_ms: int, rules: "Rules") -> dict[str, Any]:
    """Each contribution, what is left of it, their sum, and the index made of it."""
    from streams.engine import effort

    total = effort.effort_at(journey.effort, as_of_ms)
    rows = [_left(one, as_of_ms, rules) for one in journey.effort.top]
    return {
        "contributions": rows,
        "others": round(total - sum(row["now"] for row in rows), 3),
        "effort": round(total, 3),
        "half_life_d": rules.effort.half_life_d,
        "k": rules.effort.k,
        "jei": round(effort.index(total, rules.effort), 1),
    }


def _left(one: "Contribution", as_of_ms: int, rules: "Rules") -> dict[str, Any]:
    from streams.engine.units import DAY_MS
    from streams.wire.alert import instant

    age_d = (as_of_ms - one.at_ms) / DAY_MS
    factor = 0.5 ** (age_d / rules.effort.half_life_d)
    return {
        "component": one.component,
        "occurred_at": instant(one.at_ms),
        "points": one.points,
        "age_d": round(age_d, 2),
        "factor": round(factor, 4),
        "now": round(one.points * factor, 3),
    }


def _tell_arithmetic(told: dict[str, Any], rules: "Rules") -> None:
    half_life, k = told["half_life_d"], told["k"]
    screen.result(f"\nthe arithmetic: points × 0.5^(age ÷ {half_life:g} d)")
    for row in told["contributions"]:
        screen.result(
            f"  {row['component']:26} {row['points']:6g} × {row['factor']:<7.4f} "
            f"= {row['now']:7.2f}   {row['age_d']:g} d old"
        )
    if abs(told["others"]) >= 0.005:
        screen.result(f"  {'smaller ones, summed':43} = {told['others']:7.2f}")
    screen.result(f"  {'E':43} = {told['effort']:7.2f}")
    screen.result(f"  effort = 100 × (1 − e^(−E ÷ {k:g})) = {told['jei']:g}")


def _moment(one: "Heard") -> dict[str, Any]:
    return {
        "touchpoint": one.touchpoint or None,
        "taken": one.taken,
        "contributions": [
            {"component": c.component, "points": c.points} for c in one.contributions
        ],
        "alerts": one.alerts,
    }
