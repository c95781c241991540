"""Requests to the broker and their answers: late, lost, or applied without an answer.

A request is applied at the broker some time after it was made and answered some time later. In
between, the process that made it may die (the request may or may not still arrive), be paused (the
answer waits), or be cut off (request and answer wait for the end of the cut). A broker that stalls
applies nothing until it is well again.
"""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

from tests.simulation.loop import Loop, Process, current_process

#: Answers: call with the result, or with an exception.
Reply = Callable[[Any], None]

_USUAL_S = 0.002
_SLOW_S = 0.08
_SLOW_SHARE = 0.05


class Unanswered(Exception):
    """The request failed for the one who made it; whether it was applied is not known."""


class Net:
    """The way to the broker.

    Args:
        loop: whose time it takes.
        rng: of delays and of what is lost with a process.
        fate: told every kind of request and who makes it; what becomes of it: None (it is applied
            and answered), ``lost`` (it is not applied, the caller gets ``Unanswered``),
            ``unanswered`` (it is, and the same), ``doubled`` (it is applied twice), ``echoed`` (its
            first copy seems lost and is asked again; it arrives after the next ``send``).
    """

    def __init__(
        self,
        loop: Loop,
        rng: Random,
        fate: Callable[[str, Process | None], str | None] = lambda what, process: None,
    ):
        self.loop, self._random, self._fate = loop, rng.random, fate
        self.stalled_until = 0.0
        self._late_copies: list[Callable[[], None]] = []

    def delay_s(self) -> float:
        """How long one way takes: mostly a millisecond or two, now and then much longer."""
        if self._random() < _SLOW_SHARE:
            return _SLOW_S * self._random()
        return _USUAL_S * self._random()

    def call(
        self,
        what: str,
        do: Callable[[Reply], None],
        asked_again: Callable[[], None] = lambda: None,
    ) -> asyncio.Future:
        """Have ``do`` run at the broker; it answers by calling its argument, sooner or later.

        Args:
            what: kind of request.
            do: applies the request.
            asked_again: called when the first copy got no answer and a second one is sent.
        """
        loop, process = self.loop, current_process()
        future = loop.create_future()
        if process is not None and not process.alive:
            return future  # it is unwinding: nobody will ever answer
        fate = self._fate(what, process)
        if fate == "lost":
            loop.outside(self.delay_s(), _answer, future, Unanswered(what))
            return future
        if fate == "echoed":
            asked_again()
            self._late_copies.append(lambda: do(lambda answer: None))
        lost_with_process = self._random() < 0.5

        def reply(result: Any) -> None:
            if fate == "unanswered":
                result = Unanswered(what)
            loop.outside(self.delay_s() + self._held_s(process), _answer, future, result)

        def arrive() -> None:
            held_s = self._held_s(process)
            if held_s:
                loop.outside(held_s + self.delay_s(), arrive)
            elif process is None or process.alive or not lost_with_process:
                if fate == "doubled":
                    do(lambda first: None)
                do(reply)
                if what == "send":
                    self._arrive_late()

        loop.outside(self.delay_s(), arrive)
        return future

    def _arrive_late(self) -> None:
        """Copies given up on come after all, where they do most harm."""
        copies, self._late_copies = self._late_copies, []
        for copy in copies:
            copy()

    def _held_s(self, process: Process | None) -> float:
        until = self.stalled_until
        if process is not None and process.cut_until > until:
            until = process.cut_until
        return max(0.0, until - self.loop.now)


def _answer(future: asyncio.Future, result: Any) -> None:
    if future.done():
        return  # the one who asked has stopped waiting
    if isinstance(result, BaseException):
        future.set_exception(result)
        future.exception()  # a killed process fetches nothing: that is no fault
    else:
        future.set_result(result)
