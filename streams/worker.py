"""Running a worker: from the start guards to the exit code."""

import asyncio
import contextlib
import logging
import os
import sys

import uvloop
from aiokafka.errors import KafkaConnectionError

from streams.app import LineFactory, Throughline, build_app
from streams.kafka import topics
from streams.kafka.refusal import FAILED, NOT_READY, Refusal, masked, unexpected
from streams.policy import PolicyError
from streams.settings import Settings

log = logging.getLogger("throughline.worker")

#: Parts of the shutdown deadline: finishing batches, then telling the group and leaving it.
_DRAIN_SHARE = 0.6
_LEAVE_SHARE = 0.2

_POLL_S = 0.2


def run_worker(settings: Settings, line_factory: LineFactory | None = None) -> int:
    """Run a worker until it is asked to stop or has a reason to.

    Once the worker has started, the process ends here with ``os._exit``: a client library that
    waits for a broker which will not come back must not hold it.

    Args:
        settings: of the deployment.
        line_factory: gives the line of the touchpoints topic; the real one if not given.

    Returns:
        The exit code, when it did not get to start: 3 not ready, 1 failed.
    """
    _set_logging()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    with asyncio.Runner() as runner:
        code, started = runner.run(_run(settings, line_factory))
        if started:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return code


async def _run(settings: Settings, line_factory: LineFactory | None) -> tuple[int, bool]:
    try:
        app = build_app(settings, line_factory)
        made = await topics.prepare(settings)
        if made and settings.topics == "create":
            log.info("created topics %s", ", ".join(made))
    except Refusal as refusal:
        return _said(refusal), False
    except PolicyError as fault:
        refusal = Refusal(
            "policy_invalid", "The policy cannot be used.", str(fault), "Mend that key.",
            code=NOT_READY,
        )  # fmt: skip
        return _said(refusal), False
    return await _live(app), True


def _said(refusal: Refusal) -> int:
    print(refusal.lines(), file=sys.stderr, flush=True)
    return refusal.code


async def _live(app: Throughline) -> int:
    life, settings = app.life, app.settings
    life.listen()
    log.info(
        "starting: app %s, broker %s, delivery %s, %d partitions",
        settings.app_id, settings.broker, settings.delivery, settings.partitions,
    )  # fmt: skip
    tasks = [
        asyncio.create_task(_start(app)),
        asyncio.create_task(_notice_crashes(app)),
        asyncio.create_task(life.watch(app.lanes.standing, settings.status_every_s)),
    ]
    await life.until_the_end()
    drained = await _wind_down(app)
    for task in tasks:
        task.cancel()
    if life.refusal is not None:
        return life.refusal.code
    log.info("stopped: %d records applied", app.lanes.standing().counts["records"])
    return 0 if drained else FAILED


async def _start(app: Throughline) -> None:
    try:
        await app.start()
    except KafkaConnectionError as fault:
        app.life.fail(topics.no_broker(app.settings, fault), fault)
    except asyncio.CancelledError:
        raise
    except Exception as fault:  # noqa: BLE001  whatever it is, it ends the worker by name
        app.life.fail(unexpected("Starting", fault), fault)


async def _notice_crashes(app: Throughline) -> None:
    """A service of Faust's that crashes ends the worker; Faust would stay up (C6)."""
    while True:
        await asyncio.sleep(_POLL_S)
        crashed = app.crashed or (app._consumer is not None and app._consumer.crashed)
        if crashed:
            fault = app.crash_reason or getattr(app._consumer, "crash_reason", None)
            app.life.fail(unexpected("Faust", fault or RuntimeError("a service crashed")), fault)
            return


async def _wind_down(app: Throughline) -> bool:
    """Finish the batch in hand, commit, leave the group. True if every lane ended in time."""
    whole_s = app.settings.shutdown_s
    drained = await app.lanes.release([lane.tp for lane in app.lanes], whole_s * _DRAIN_SHARE)
    consumer = app._consumer
    if consumer is not None:
        with contextlib.suppress(Exception):
            if app.life.refusal is None:
                await asyncio.wait_for(consumer.commit(), whole_s * _LEAVE_SHARE / 2)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(consumer.reader.leave(), whole_s * _LEAVE_SHARE)
    await app.follower.stop()
    app.lanes.let_go()
    await app.shared.close()
    return drained


def _set_logging() -> None:
    """Our own lines on stderr; of the libraries only what is an error, and no secret of either."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    handler.addFilter(_mask)
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    ours = logging.getLogger("throughline")
    ours.setLevel(logging.INFO)


def _mask(record: logging.LogRecord) -> bool:
    record.msg, record.args = masked(record.getMessage()), ()
    return True
