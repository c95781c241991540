"""Counts what a log of incidents shows, from its touchpoints alone.

A *transfer* is one ``case.reassigned`` that changes the group; a *ping-pong* is A, B, A among the
groups of one incident; a *burst* is the third of three transfers of one incident with
t3 - t1 <= W. Limits are inclusive, except that *later than* excludes its limit.
"""

from collections import Counter, defaultdict
from itertools import pairwise

from schemas.instants import instant_ms
from streams.adapters import Counted, Touchpoint

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_WEEK_MS = 7 * _DAY_MS
_BURST_WINDOWS_MS = (_HOUR_MS, _DAY_MS, _WEEK_MS)

Move = tuple[int, str, str]
"""When a case changed its group, from which, to which."""


class IncidentCensus:
    """One pass over touchpoints in order of ``occurred_at``; grows with incidents, not touchpoints.

    Args:
        anonymous: how the ids of customers begin who are not known by name; they are no callers.
    """

    def __init__(self, anonymous: str) -> None:
        self.anonymous = anonymous
        self.moves: dict[str, list[Move]] = defaultdict(list)
        self.reopened: Counter[str] = Counter()
        self.slow: set[str] = set()
        self.opened: dict[str, list[int]] = defaultdict(list)
        self.incidents = 0

    def take(self, touchpoint: Touchpoint) -> None:
        """Count one touchpoint.

        Args:
            touchpoint: flat, as on the wire.
        """
        kind, case_id = touchpoint["type"], touchpoint.get("case_id", "")
        if kind == "case.opened":
            self.incidents += 1
            if not touchpoint["customer_id"].startswith(self.anonymous):
                self.opened[touchpoint["customer_id"]].append(instant_ms(touchpoint["occurred_at"]))
        elif kind == "case.reassigned":
            before, after = touchpoint["from_group"], touchpoint["to_group"]
            if before != after:
                at_ms = instant_ms(touchpoint["occurred_at"])
                self.moves[case_id].append((at_ms, before, after))
        elif kind == "case.reopened":
            self.reopened[case_id] += 1
        elif kind == "sla.result" and _is_slow(touchpoint):
            self.slow.add(case_id)

    def table(self) -> list[Counted]:
        """Everything counted so far, one line per question."""
        transfers = [len(path) for path in self.moves.values()]
        ping_pongs = [_ping_pongs(path) for path in self.moves.values()]
        instants = [[at_ms for at_ms, *_ in path] for path in self.moves.values()]
        bursts = (sum(_nth_within(t, 3, w) for t in instants) for w in _BURST_WINDOWS_MS)
        opened = self.opened.values()
        return [
            Counted("transfers / incidents with at least one", (sum(transfers), len(transfers))),
            Counted(
                "incidents with ≥ 2 / ≥ 3 / ≥ 5 / ≥ 10 transfers",
                tuple(sum(n >= least for n in transfers) for least in (2, 3, 5, 10)),
            ),
            Counted(
                "ping-pong incidents / ping-pongs",
                (sum(n > 0 for n in ping_pongs), sum(ping_pongs)),
            ),
            Counted(
                "incidents that return to any earlier group",
                (sum(map(_returns, self.moves.values())),),
            ),
            Counted("incidents with 3 transfers within 1 h / 24 h / 7 d", tuple(bursts)),
            Counted(
                "reopened incidents by the system's own counter / reopenings",
                (len(self.reopened), self.reopened.total()),
            ),
            Counted("incidents resolved later than 7 days", (len(self.slow),)),
            Counted(
                "callers with a repeat contact (new incident) ≤ 7 days after the last / callers",
                (sum(_nth_within(times, 2, _WEEK_MS) for times in opened), len(opened)),
            ),
            Counted(
                "callers with 3 incidents within 7 days",
                (sum(_nth_within(times, 3, _WEEK_MS) for times in opened),),
            ),
            Counted(
                "incidents / whose caller nobody knows",
                (self.incidents, self.incidents - sum(map(len, opened))),
            ),
        ]


def _is_slow(verdict: Touchpoint) -> bool:
    return verdict["metric"] == "resolution" and verdict.get("actual_s", 0) * 1000 > _WEEK_MS


def _nth_within(times_ms: list[int], n: int, window_ms: int) -> bool:
    """Whether any n in a row of these rising instants lie within the window, limit included."""
    spans = zip(times_ms, times_ms[n - 1 :], strict=False)
    return any(last - first <= window_ms for first, last in spans)


def _ping_pongs(path: list[Move]) -> int:
    return sum(there[1] == back[2] for there, back in pairwise(path))


def _returns(path: list[Move]) -> bool:
    groups = [path[0][1], *(after for _, _, after in path)]
    return len(set(groups)) < len(groups)
