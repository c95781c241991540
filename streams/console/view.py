"""The live view: what the tally says, on a terminal."""

from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from streams.console import words
from streams.console.tally import Tally

_STYLES = ("", "dim", "cyan", "yellow", "bold red", "bold white on red")
_ENDED = "green"
_KINDS_MAX = 12
"""Of how many kinds it is told how often; of all, a small terminal had no room for the alerts."""


def live_view(tally: Tally, title: str, elapsed_s: float, at_s: float, rows: int) -> Group:
    """Everything in one frame.

    Args:
        tally: what has been seen.
        title: what is being watched.
        elapsed_s: since it began.
        at_s: monotonic seconds now.
        rows: lines the terminal has.
    """
    alerts = [a for a in tally.last if a["action"] != "suppress"]
    room = max(3, (rows - 12) // 2)
    return Group(
        Panel(_figures(tally, elapsed_s, at_s), title=title, title_align="left"),
        _kinds(tally),
        Rule("latest alerts", style="dim", align="left"),
        *(_alert(alert) for alert in reversed(alerts[-room:])),
        Text("Ctrl-C stops everything and leaves nothing behind.", style="dim"),
    )


def _figures(tally: Tally, elapsed_s: float, at_s: float) -> Table:
    p50, p99 = tally.latency_ms(0.5), tally.latency_ms(0.99)
    shown = [
        ("touchpoints", f"{tally.applied:,}"),
        ("a second", f"{tally.rate_per_s(at_s):,.0f}"),
        ("journeys", f"{len(tally.customers):,}"),
        ("open episodes", f"{len(tally.open):,}"),
        ("alerts", f"{sum(tally.said.values()):,}"),
        ("event → alert", "–" if p50 is None else f"{p50:.0f} ms"),
        ("p99", "–" if p99 is None else f"{p99:.0f} ms"),
        ("dead letters", f"{sum(tally.dead_letters.values()):,}"),
        ("seconds", f"{elapsed_s:.0f}"),
    ]
    table = Table.grid(padding=(0, 2), expand=True)
    for _ in shown:
        table.add_column(justify="right")
    table.add_row(*(Text(value, style="bold") for _, value in shown))
    table.add_row(*(Text(name, style="dim") for name, _ in shown))
    return table


def _kinds(tally: Tally) -> Text:
    by_kind = {kind: told.get("trigger", 0) for kind, told in tally.alerts_by_kind().items()}
    counted = sorted((-count, kind) for kind, count in by_kind.items() if count)
    text = Text()
    for count, kind in counted[:_KINDS_MAX]:
        text.append(f"{kind} ", style="dim").append(f"{-count}  ", style="bold")
    if len(counted) > _KINDS_MAX:
        text.append(f"and {len(counted) - _KINDS_MAX} kinds more", style="dim")
    return text if by_kind else Text(" nothing to say yet", style="dim")


def _alert(alert: dict[str, Any]) -> Text:
    """Two lines: who and why, what to do."""
    style = _ENDED if alert["action"] == "resolve" else _STYLES[alert["severity"]]
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{words.when(alert)} {words.MARKS[alert['action']]} ", style="dim")
    text.append(f"{alert['customer_id']} ", style="bold")
    text.append(alert["kind"], style=style).append(" ")
    text.append(f"effort {alert['jei']['value']:.0f} ", style="dim")
    text.append(words.why(alert))
    if alert["action"] != "resolve":
        text.append(f"\n{' ' * 19}→ {alert['suggested_action']}", style="italic")
    return text
