"""``throughline doctor``: run first when anything is odd. Says what is wrong and how to mend it."""

from collections.abc import Iterator

import typer

from streams.cli import options, screen
from streams.cli.doctor import cluster
from streams.cli.doctor.finding import Finding
from streams.cli.trouble import FAILED, NOT_READY, Trouble, known

_SIGNS = {"well": "✔", "odd": "!", "wrong": "✘"}


def doctor(broker: options.Broker = None, as_json: options.Json = False) -> None:
    """Look at settings, policy, broker, topics, partitioning, lag and dead letters.

    Exit code 0 if all is well or only odd, 1 if something is wrong, 3 if no broker answers.
    """
    import logging

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    wrong = set()
    for finding in _findings(broker):
        _tell(finding, as_json)
        if finding.state == "wrong":
            wrong.add(finding.about)
    if wrong:
        raise typer.Exit(NOT_READY if "broker" in wrong else FAILED)


def _tell(finding: Finding, as_json: bool) -> None:
    if as_json:
        screen.record(finding._asdict())
        return
    screen.result(f"{_SIGNS[finding.state]} {finding.text}")
    if finding.mend:
        screen.result(f"    fix: {finding.mend}")


def _findings(broker: str | None) -> Iterator[Finding]:
    from streams.kafka.refusal import Refusal
    from streams.policy import PolicyError

    yield from _versions()
    try:
        deployed = options.settings(broker=broker)
        yield Finding(
            "well",
            "settings",
            f"settings: app {deployed.app_id}, prefix "
            f"{deployed.prefix}, {deployed.partitions} partitions, {deployed.delivery}",
        )
        policy = options.policy(None, deployed)
    except (Trouble, PolicyError) as error:
        yield _told("settings", error)
        return
    yield Finding(
        "well", "policy", f"policy {policy.rules.label}, {len(policy.questions)} detectors"
    )
    try:
        yield from cluster.looked_at(deployed)
    except (Refusal, OSError) as error:
        yield _told("broker", error)


def _told(about: str, error: Exception) -> Finding:
    """An error of ours in one line, or the error itself."""
    trouble = known(error)
    if trouble is None:
        raise error
    if about == "broker" and trouble.code != NOT_READY:
        about = "cluster"
    return Finding("wrong", about, f"{trouble.what} {trouble.why}", trouble.todo)


def _versions() -> Iterator[Finding]:
    """The engine is pinned: what we override of it is known of one version only."""
    import re
    import sys
    from importlib.metadata import requires, version

    yield Finding("well", "python", f"Python {sys.version.split()[0]}")
    for requirement in requires("throughline") or ():
        pinned = re.match(r"([a-z-]+)==([0-9.]+)$", requirement)
        if pinned:
            name, wanted = pinned.groups()
            found = version(name)
            if found == wanted:
                yield Finding("well", name, f"{name} {found}")
            else:
                yield Finding("wrong", name, f"{name} is {found}, not {wanted}", "make setup")
