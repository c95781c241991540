"""Customers' own words about effort (CES) beside the index at that moment, during a replay.

A round ends with each answer, so that the journey can be looked at as it stood: what the customer
went through afterwards must not explain what they had said. For that reason an answer that came
behind the customer's own time (``behind``) is left out, and counted.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from streams.engine import effort
from streams.engine.record import Record
from streams.engine.remember.relationship import normalised
from streams.replay.house import ROUND_RECORDS, ReplayHouse
from streams.replay.places import Placed
from streams.wire.touchpoint import Limits, Unreadable, read

# The line has judged it already, by the policy's own limits: here it is only read.
_ANY_TIME = Limits(value_bytes=1 << 30, future_skew_ms=1 << 50, past_horizon_ms=1 << 50)
_TYPE = "survey.responded"
_IN_VALUE = _TYPE.encode()


class Answer(NamedTuple):
    """One CES answer and the effort behind it.

    Args:
        customer: whose, as the key's bytes.
        ease: the score on its own scale, 0 (hard) to 1 (easy), whichever way the scale runs.
        jei: Journey Effort Index when it was given, 0 to 100.
        parts: effort points then, decayed, by component.
    """

    customer: bytes
    ease: float
    jei: float
    parts: dict[str, float]


class Answers:
    """The CES answers among records.

    Args:
        house: fresh; the records are run through it.
    """

    def __init__(self, house: ReplayHouse) -> None:
        self._house = house
        self.behind = 0

    def among(self, records: Iterable[Placed]) -> Iterator[Answer]:
        """Run the records and give each answer as it is heard, duplicates once.

        Args:
            records: where they lie, and they.
        """
        waiting: list[Placed] = []
        for placed in records:
            if _may_be_answer(placed[1]):
                self._run(waiting)
                waiting = []
                yield from self._answer(placed)
            else:
                waiting.append(placed)
                if len(waiting) == ROUND_RECORDS:
                    self._run(waiting)
                    waiting = []
        self._run(waiting)

    def _run(self, records: list[Placed]) -> None:
        deque(self._house.run(records), maxlen=0)

    def _answer(self, placed: Placed) -> Iterator[Answer]:
        partition, record = placed
        desk, decode = self._house.desks[partition], self._house.line.codec.decode
        key = record.key or b""
        before = desk.journey(key, decode)
        heard = before.n if before is not None else 0
        self._run([placed])
        journey = desk.journey(key, decode)
        if journey is None or journey.n == heard:
            return  # unreadable, a duplicate, or too late for the journey
        touchpoint = read(record, _ANY_TIME)
        if isinstance(touchpoint, Unreadable) or touchpoint.type != _TYPE:
            return
        if touchpoint.kind != "ces" or touchpoint.score is None:
            return
        at_ms = touchpoint.occurred_at
        if at_ms < journey.clock_ms:
            self.behind += 1
            return
        ease = normalised(
            touchpoint.score,
            touchpoint.scale_min,
            touchpoint.scale_max,
            touchpoint.higher_is_better,
        )
        parts = effort.parts_at(journey.effort, at_ms)
        rules = self._house.rules.effort
        yield Answer(key, ease, effort.index(sum(parts.values()), rules), parts)


def _may_be_answer(record: Record) -> bool:
    if record.value is None:
        return False
    return _IN_VALUE in record.value or any(
        _IN_VALUE in (value or b"") for _, value in record.headers
    )
