"""``throughline size``: how many workers, partitions and brokers, how much memory; as measured."""

from typing import Annotated

import typer

from streams.cli import options, screen


def size(
    touchpoints_per_s: Annotated[
        float, typer.Option(metavar="N", min=0.001, help="At the busiest hour.")
    ],
    customers: Annotated[
        int, typer.Option(metavar="M", min=1, help="Whose journeys are to be kept.")
    ],
    touchpoint_bytes: Annotated[int, typer.Option(metavar="BYTES", min=1)] = 400,
    store: Annotated[str, typer.Option(metavar="KIND", help="memory, or disk.")] = "memory",
    delivery: Annotated[str, typer.Option(metavar="KIND")] = "exactly_once",
    partitions: Annotated[
        int | None, typer.Option(metavar="P", min=1, max=1_000, help="If they are given.")
    ] = None,
    growth: Annotated[
        float, typer.Option(metavar="TIMES", min=1, help="Partitions are fixed: room to grow.")
    ] = 4.0,
    replication: Annotated[int, typer.Option(metavar="COPIES", min=1)] = 3,
    as_json: options.Json = False,
) -> None:
    """Say what a deployment takes: workers, partitions, memory, brokers, time to restore.

    A rule fitted to runs on one machine; docs/scaling.md says which, and what is extrapolated.
    """
    from streams.cli import sizing
    from streams.cli.trouble import USAGE, Trouble

    if store not in ("memory", "disk") or delivery not in ("exactly_once", "effectively_once"):
        raise Trouble(
            "That cannot be sized.", f"store is {store}, delivery {delivery}.",
            "memory or disk; exactly_once or effectively_once.", USAGE,
        )  # fmt: skip
    asked = sizing.Asked(
        touchpoints_per_s, customers, touchpoint_bytes, delivery, store,
        growth=growth, replication=replication, partitions=partitions,
    )  # fmt: skip
    found = sizing.size(asked)
    if as_json:
        runs = {name: group["run"] for name, group in sizing.coefficients().items()}
        screen.record({"asked": asked._asdict(), **found._asdict(), "runs": runs})
        return
    for line in screen.table(_rows(found)):
        screen.result(line)
    screen.result(f"  gives way first: {found.first}")


def _rows(found) -> list[tuple[object, ...]]:  # type: ignore[no-untyped-def]
    return [
        ("workers", found.workers, "one core each; one of them may be gone"),
        ("partitions", found.partitions, "of the touchpoints topic, fixed once chosen"),
        ("memory", found.memory_mb, "MB a worker"),
        ("disk", found.disk_mb, "MB a worker"),
        ("brokers", found.brokers, f"{found.broker_cores} cores in all, without replicas"),
        ("written", found.broker_mb_per_s, "MB/s by all brokers, replicas included"),
        ("changelog", found.changelog_mb, "MB once compacted, replicas not included"),
        ("restore", found.restore_s, "s from nothing, a worker's share"),
        ("take over", found.takeover_s, "s with a copy on disk or somebody standing by"),
    ]
