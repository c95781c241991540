"""An asyncio event loop whose time is virtual and whose order of turns is drawn from a seed.

Everything that asyncio leaves open is chosen here: which of the ready turns comes next, and by how
much a timer is late. So one seed is one schedule, and the same seed is the same schedule again.

A ``Process`` stands for an operating system process: whatever a task of it schedules belongs to it
(a context variable), so that it can be killed (nothing of it ever runs again) or paused (nothing of
it runs until it is resumed, while the world goes on) at any instant, like SIGKILL, SIGSTOP and
SIGCONT would.
"""

import asyncio
import inspect
from asyncio import events
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from heapq import heappop, heappush
from random import Random
from typing import Any

_PROCESS: ContextVar["Process | None"] = ContextVar("process", default=None)

#: A timer comes up to this share of its delay too late.
_LATE_SHARE = 0.05


class Killed(BaseException):
    """Unwinds the turn in which a process dies; nothing it does on the way reaches the world."""


class Stuck(AssertionError):
    """The loop has nothing left to do, or does not come to an end."""


class Process:
    """Something that can be killed and paused: one worker from its start to its end."""

    __slots__ = ("alive", "coroutines", "cut_until", "name", "parked", "paused")

    def __init__(self, name: str):
        self.name = name
        self.alive = True
        self.paused = False
        self.cut_until = 0.0  # loop time before which nothing of it passes the network
        self.parked: list[Turn] = []
        self.coroutines: list[Coroutine] = []

    def kill(self) -> None:
        """From now on nothing of it runs."""
        self.alive = False
        self.parked.clear()
        for coroutine in self.coroutines:
            if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
                coroutine.close()  # or Python warns that it was never awaited
        self.coroutines.clear()


def current_process() -> Process | None:
    """The process whose turn it is; None for the world outside all processes."""
    return _PROCESS.get()


class Turn:
    """A callback to be run once (what asyncio calls a handle)."""

    __slots__ = ("args", "callback", "context", "done", "due")

    def __init__(self, callback: Callable[..., Any], args: tuple, context: Context, due: float):
        self.callback, self.args, self.context = callback, args, context
        self.due = due
        self.done = False

    def cancel(self) -> None:
        """It will not be run."""
        self.done = True

    def cancelled(self) -> bool:
        return self.done

    def when(self) -> float:
        return self.due


class Loop(asyncio.AbstractEventLoop):
    """The loop. Time stands still while anything is ready, then jumps to the next timer.

    Args:
        seed: of the order of turns and the lateness of timers.
    """

    def __init__(self, seed: int | str = 0):
        self.now = 0.0
        self.turns = 0
        self.faults: list[BaseException] = []
        self._random = Random(seed).random
        self._ready: list[Turn] = []
        self._timers: list[tuple[float, int, Turn]] = []
        self._count = 0
        self._ended = False
        self._outside = copy_context()  # the context of the world

    # -- what asyncio asks of a loop ------------------------------------------------------------

    def time(self) -> float:
        return self.now

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def create_future(self) -> asyncio.Future:
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Coroutine, *, name: str | None = None, context: Context | None = None
    ) -> asyncio.Task:
        process = _PROCESS.get() if context is None else context.get(_PROCESS)
        if process is not None:
            process.coroutines.append(coro)
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        task._log_destroy_pending = False  # a killed process leaves its tasks where they were
        return task

    def call_soon(self, callback, *args, context=None) -> Turn:
        turn = Turn(callback, args, copy_context() if context is None else context, self.now)
        self._ready.append(turn)
        return turn

    call_soon_threadsafe = call_soon

    def call_later(self, delay, callback, *args, context=None) -> Turn:
        return self._plan(delay, callback, args, copy_context() if context is None else context)

    def call_at(self, when, callback, *args, context=None) -> Turn:
        return self.call_later(when - self.now, callback, *args, context=context)

    def _plan(self, delay: float, callback, args: tuple, context: Context) -> Turn:
        due = self.now
        if delay > 0:
            due += delay * (1.0 + _LATE_SHARE * self._random())
        turn = Turn(callback, args, context, due)
        self._count += 1
        heappush(self._timers, (due, self._count, turn))
        return turn

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Whatever nobody fetched: kept, so that a run with such a fault does not pass."""
        fault = context.get("exception")
        if fault is not None and not isinstance(fault, Killed | GeneratorExit):
            self.faults.append(fault)

    async def shutdown_asyncgens(self) -> None:
        """Nothing is kept of them."""

    # -- what the world asks --------------------------------------------------------------------

    def outside(self, delay: float, callback: Callable[..., Any], *args: Any) -> Turn:
        """Call something of the world (broker, producers, supervisor), which no process owns."""
        return self._plan(delay, callback, args, self._outside)

    def spawn(self, process: Process, coro: Coroutine, name: str) -> asyncio.Task:
        """Start a task that belongs to ``process``, with all that it will start."""
        context = self._outside.copy()
        context.run(_PROCESS.set, process)
        return self.create_task(coro, name=name, context=context)

    def end(self) -> None:
        """Let ``run`` return after this turn."""
        self._ended = True

    def run(self, most_turns: int = 500_000) -> None:
        """Take turns until somebody calls ``end``.

        Raises:
            Stuck: nothing is left to do, or it takes too many turns.
        """
        before = events._get_running_loop()
        events._set_running_loop(self)
        try:
            take = self._take_turn
            while not self._ended:
                take()
                if self.turns > most_turns:
                    raise Stuck(f"no end after {self.turns} turns, at {self.now:.3f} s")
        finally:
            events._set_running_loop(before)

    def complete(self, coro: Coroutine) -> Any:
        """Run one coroutine to its end, as ``asyncio.run`` does."""
        task: list[asyncio.Task] = []

        def start() -> None:
            task.append(self.create_task(coro))
            task[0].add_done_callback(lambda _: self.end())

        self._ended = False
        self.outside(0.0, start)
        self.run()
        return task[0].result()

    def stop_here(self, process: Process, seconds: float) -> None:
        """SIGSTOP to the very process whose turn it is, in the middle of it; SIGCONT later.

        The world, other processes included, goes on inside this call.

        Raises:
            Killed: the process was killed while it was stopped.
        """
        task = asyncio.current_task(self)
        asyncio.tasks._leave_task(self, task)
        process.paused = True
        over = [False]
        self.outside(seconds, over.__setitem__, 0, True)
        try:
            while not over[0] and process.alive:
                self._take_turn()
        finally:
            asyncio.tasks._enter_task(self, task)
        if not process.alive:
            raise Killed
        self.resume(process)

    def resume(self, process: Process) -> None:
        """SIGCONT: all that came due meanwhile is ready at once."""
        process.paused = False
        self._ready.extend(process.parked)
        process.parked.clear()

    def _take_turn(self) -> None:
        ready = self._ready
        count = len(ready)
        if not count:
            self._jump()
            count = len(ready)
        if count > 1:
            chosen = int(self._random() * count)
            ready[chosen], ready[-1] = ready[-1], ready[chosen]
        turn = ready.pop()
        if turn.done:
            return
        process = turn.context.get(_PROCESS)
        if process is not None:
            if not process.alive:
                return
            if process.paused:
                process.parked.append(turn)
                return
        self.turns += 1
        with suppress(Killed):
            turn.context.run(turn.callback, *turn.args)

    def _jump(self) -> None:
        timers, ready = self._timers, self._ready
        while not ready:
            if not timers:
                raise Stuck(f"nothing left to do at {self.now:.3f} s")
            self.now = now = timers[0][0]
            while timers and timers[0][0] <= now:
                turn = heappop(timers)[2]
                if not turn.done:
                    ready.append(turn)
