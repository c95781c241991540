"""``throughline demo``: a live stream to look at, with everything it needs brought along."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli import options, screen

if TYPE_CHECKING:
    from streams.console.brokers import Ground
    from streams.console.stage import Stage
    from streams.console.tally import Tally


def demo(
    seconds: Annotated[
        float | None, typer.Option(metavar="N", min=1, help="End after so long; else at Ctrl-C.")
    ] = None,
    rate: Annotated[float, typer.Option(metavar="R", min=1, help="Touchpoints a second.")] = 300,
    customers: Annotated[int, typer.Option(metavar="N", min=10, help="Of the company.")] = 400,
    seed: Annotated[int, typer.Option(metavar="S", help="Same seed, same stories.")] = 7,
    broker: Annotated[
        str,
        typer.Option(metavar="WHICH", help="embedded; kafka (needs Java and Maven); or HOST:PORT."),
    ] = "embedded",
    policy: options.PolicyFile = None,
    screenshot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the last frame as an SVG picture.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Watch the real worker follow a simulated company in accelerated time.

    On a terminal a live view; piped, one JSON line a second with what was said since; with --json
    one line a second and one per alert, whole. Nothing is left behind.
    """
    import asyncio

    from streams.policy import load

    load(policy)  # a policy that cannot be used is said here, not by the worker
    play = _Play(seconds, rate, as_json, sys.stdout.isatty() and not as_json, screenshot)
    asyncio.run(play.run(broker, policy, seed, customers))


class _Play:
    """One showing.

    Args:
        seconds: how long; None for ever.
        rate: touchpoints a second.
        whole: print every alert whole.
        live: draw on a terminal.
        screenshot: where the last frame goes, if anywhere.
    """

    def __init__(
        self, seconds: float | None, rate: float, whole: bool, live: bool, screenshot: Path | None
    ) -> None:
        self.seconds, self.rate, self.whole, self.live = seconds, rate, whole, live
        self.screenshot = screenshot
        self._news: list[dict[str, Any]] = []

    async def run(self, broker: str, policy: Path | None, seed: int, customers: int) -> None:
        """From the broker's start to its end."""
        import asyncio
        import logging
        import signal

        from streams.console.brokers import ground
        from streams.console.stage import staged

        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        end = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, end.set)
        async with ground(broker, screen.note) as on, staged(on, policy) as stage:
            screen.note(f"✔ {on.name}")
            await self._first(end, stage.ready())
            if not end.is_set():
                screen.note(f"✔ worker runs, delivery {stage.settings.delivery}")
                await self._show(stage, on, end, seed, customers)
        screen.note("✔ stopped, nothing left behind")

    async def _show(
        self, stage: "Stage", on: "Ground", end: Any, seed: int, customers: int
    ) -> None:
        import asyncio
        from time import monotonic

        from streams.console.company import touchpoints

        began_s = monotonic()
        tasks = [
            asyncio.create_task(stage.listen(self._hear)),
            asyncio.create_task(stage.feed(touchpoints(seed, customers), self.rate)),
            asyncio.create_task(self._draw(stage, on) if self.live else self._print(stage)),
            asyncio.create_task(end.wait()),
        ]
        try:
            done, _ = await asyncio.wait(
                tasks, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self.screenshot:
            self._keep(stage.tally, on, self.screenshot, began_s)
        self._tell_end(stage.tally)

    def _keep(self, tally: "Tally", on: "Ground", file: Path, began_s: float) -> None:
        from time import monotonic

        from streams.console.picture import picture
        from streams.console.view import live_view

        now_s = monotonic()
        title = f"throughline demo · {on.name.partition(' at ')[0]}"
        file.write_text(picture(live_view(tally, "now", now_s - began_s, now_s, 36), title))

    async def _first(self, end: Any, other: Any) -> None:
        """Wait for one thing, or for the end if that comes first."""
        import asyncio

        tasks = [asyncio.create_task(end.wait()), asyncio.create_task(other)]
        done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        for task in done:
            task.result()

    def _hear(self, alert: dict[str, Any]) -> None:
        if self.whole:
            screen.record({"alert": alert})
        elif not self.live:
            self._news.append(alert)

    async def _draw(self, stage: "Stage", on: "Ground") -> None:
        import asyncio
        import time

        from rich.live import Live

        from streams.console.view import live_view

        began_s, out = time.monotonic(), screen.console()
        title = f"throughline demo · {on.name} · {self.rate:.0f} touchpoints a second"
        with Live(console=out, auto_refresh=False) as live:
            while True:
                stage.check()
                now_s = time.monotonic()
                frame = live_view(stage.tally, title, now_s - began_s, now_s, out.size.height)
                live.update(frame, refresh=True)
                await asyncio.sleep(0.25)

    async def _print(self, stage: "Stage") -> None:
        import asyncio
        import time

        began_s = time.monotonic()
        while True:
            await asyncio.sleep(1)
            stage.check()
            now_s = time.monotonic()
            line = stage.tally.as_json(now_s - began_s, now_s)
            if not self.whole:
                line["said"] = [_short(alert) for alert in _newest_of_each(self._news)]
                self._news = []
            screen.record(line)

    def _tell_end(self, tally: "Tally") -> None:
        """What was said in all, by kind, with one example each."""
        from streams.console import words

        say = screen.result if self.live else screen.note
        say(
            f"\n{tally.applied:,} touchpoints, {len(tally.customers):,} journeys, "
            f"{sum(tally.said.values()):,} alerts of {len(tally.examples)} kinds; for example"
        )
        for _, alert in sorted(tally.examples.items()):
            say(f"  {words.line(alert)}")
        say("Next, all in README.md:")
        for command in (
            "simulate --customers 500 --days 30 > touchpoints.jsonl",
            "replay touchpoints.jsonl --alerts alerts.jsonl",
            "detectors",
        ):
            say(f"  {_throughline()} {command}")


def _throughline() -> str:
    """How this program is called from here: by its name, or by where it lies."""
    import shutil

    beside = Path(sys.executable).with_name("throughline")
    if shutil.which("throughline") or not beside.exists():
        return "throughline"
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)


def _newest_of_each(alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest alert of each kind that asks somebody to do something."""
    newest = {alert["kind"]: alert for alert in alerts if alert["action"] in ("trigger", "update")}
    return list(newest.values())


def _short(alert: dict[str, Any]) -> dict[str, Any]:
    return {
        "customer_id": alert["customer_id"],
        "kind": alert["kind"],
        "action": alert["action"],
        "severity": alert["severity"],
        "reason": alert["reason"]["text"],
        "suggested_action": alert["suggested_action"],
    }
