"""Whether a worker goes on, what it says about itself, and how it ends.

A worker is never up and unwell: the first named reason ends it. A thread of its own watches, so
that a main loop that hangs is noticed as well.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable

from streams.kafka.lanes import Standing
from streams.kafka.refusal import FAILED, Refusal

log = logging.getLogger("throughline.worker")

_BEAT_S = 0.5
_SECOND_SIGNAL = 130


class Life:
    """One worker's life, from start to the exit code.

    Args:
        shutdown_s: from the moment it should end, the process is gone within this time.
        stall_after_s: work to do and none done, or a silent main loop, for this long ends it.
    """

    def __init__(self, shutdown_s: float, stall_after_s: float):
        self._shutdown_s, self._stall_after_s = shutdown_s, stall_after_s
        self.refusal: Refusal | None = None
        self._end = threading.Event()
        self._told: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beat_at_s = time.monotonic()

    @property
    def ending(self) -> bool:
        """The worker has been asked to stop, or has a reason to."""
        return self._end.is_set()

    def fail(self, refusal: Refusal, fault: BaseException | None = None) -> None:
        """The worker cannot go on; the first reason given is the one that is said."""
        if self.refusal is None and not self.ending:
            self.refusal = refusal
            if refusal.name == "unexpected_error" and fault is not None:
                traceback.print_exception(fault, file=sys.stderr)
            print(refusal.lines(), file=sys.stderr, flush=True)
            self._begin_to_end()

    def _begin_to_end(self) -> None:
        self._end.set()
        deadline = threading.Timer(self._shutdown_s, self._too_late)
        deadline.daemon = True
        deadline.start()
        if self._loop is not None and self._told is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    def _too_late(self) -> None:
        print(
            f"shutdown_deadline: not done within {self._shutdown_s:.0f} s, leaving as it is. "
            "Nothing is lost: what was not committed is read again.",
            file=sys.stderr,
            flush=True,
        )
        os._exit(self.refusal.code if self.refusal else FAILED)

    def listen(self) -> None:
        """Take SIGTERM and SIGINT, in the running loop's main thread.

        Plain handlers, not the loop's: they run even while the loop is stuck in Python code.
        """
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked)

    def _asked(self, number: int, frame: object) -> None:
        if self.ending:  # its own reason says more than that it was asked again
            os._exit(self.refusal.code if self.refusal else _SECOND_SIGNAL)
        log.info("stopping (%s): finishing the batch in hand", signal.Signals(number).name)
        self._begin_to_end()

    async def until_the_end(self) -> None:
        """Return when the worker should end."""
        assert self._told is not None
        if not self.ending:
            await self._told.wait()

    async def watch(self, standing: Callable[[], Standing], status_every_s: float) -> None:
        """Beat, say how it goes, and end a worker that has work and does none."""
        threading.Thread(target=self._watch_the_loop, daemon=True).start()
        said, said_at_s, before, mended, restored = "", 0.0, 0, 0, 0  # said: the last line
        while not self.ending:
            self._beat_at_s = now_s = time.monotonic()
            now = standing()
            if now.idle_s > self._stall_after_s:
                self.fail(_stalled(now, self._stall_after_s))
                return
            doing = doing_now(now)
            since_s = now_s - said_at_s
            records = now.counts["records"]
            # A lag that has become known, or nothing, is news as well: it may be the last for long.
            news = records != before or doing != said
            due = status_every_s and since_s >= status_every_s and news
            if doing.partition(",")[0] != said.partition(",")[0] or due:
                rate = (records - before) / since_s if said_at_s else 0.0
                log.info("%s; %d records applied (%.0f/s)", doing, records, rate)
                said, said_at_s, before = doing, now_s, records
            if now.running == now.assigned and now.counts["restored"] > restored:
                log.info("restored: %d records read", now.counts["restored"] - restored)
                restored = now.counts["restored"]
            if now.counts["mended_keys"] > mended:
                mended = now.counts["mended_keys"]
                log.info(
                    "healed: another worker had written to our changelog while it no longer might; "
                    "%d records written over so far", mended,
                )  # fmt: skip
            await asyncio.sleep(_BEAT_S)

    def _watch_the_loop(self) -> None:
        """In a thread: a main loop that no longer beats cannot end itself."""
        while not self.ending:
            time.sleep(_BEAT_S)
            silent_s = time.monotonic() - self._beat_at_s
            if silent_s > self._stall_after_s:
                stuck = Refusal(
                    "stuck",
                    f"The worker's main loop has not turned for {silent_s:.0f} s.",
                    "Something blocks it; where is shown above.",
                    "Nothing of the batch in hand was committed. Restart, and report it.",
                )
                frame = sys._current_frames().get(threading.main_thread().ident or 0)
                traceback.print_stack(frame, file=sys.stderr)
                print(stuck.lines(), file=sys.stderr, flush=True)
                os._exit(FAILED)


def doing_now(now: Standing) -> str:
    """One line of what a worker is doing; what stands before the comma is its state."""
    if not now.assigned:
        return "waiting for partitions"
    if now.running < now.assigned:
        share = f"{now.restored_share:.0%}".replace("%", " %")
        return f"assigned {now.assigned} partitions, restoring {share}"
    lag = "unknown" if now.lag is None else f"{now.lag:d}"
    return f"running {now.running} partitions, lag {lag}"


def _stalled(now: Standing, stall_after_s: float) -> Refusal:
    return Refusal(
        "stalled",
        f"Nothing was done for {stall_after_s:.0f} s, and not for want of work.",
        f"{doing_now(now)}.",
        "See whether the broker is well (leaders, in-sync replicas); the worker comes back clean "
        "when it is restarted.",
    )
