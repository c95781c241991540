"""What has been seen of a running stream, counted. Pure: every moment is told from outside."""

from collections import Counter, OrderedDict, deque
from typing import Any

_LATENCIES_MAX = 2_000
_SENT_MAX = 50_000
_LAST_MAX = 50
_RATE_S = 3.0


class Tally:
    """Counts of one stream.

    Attributes:
        sent: touchpoints sent.
        applied: touchpoints the workers have committed, by their own progress.
        customers: with a journey in the changelog.
        open: dedupe key → latest alert, of episodes not resolved.
        said: alerts by (kind, action).
        last: the latest alerts, newest last.
        dead_letters: by code.
    """

    def __init__(self) -> None:
        self.sent = 0
        self.applied = 0
        self.customers: set[bytes] = set()
        self.open: dict[str, dict[str, Any]] = {}
        self.said: Counter[tuple[str, str]] = Counter()
        self.examples: dict[str, dict[str, Any]] = {}
        self.last: deque[dict[str, Any]] = deque(maxlen=_LAST_MAX)
        self.dead_letters: Counter[str] = Counter()
        self._progress: dict[int, int] = {}
        self._sent_at_s: OrderedDict[str, float] = OrderedDict()
        self._latencies_ms: deque[float] = deque(maxlen=_LATENCIES_MAX)
        self._applied_at: deque[tuple[float, int]] = deque()

    def note_sent(self, event_id: str, at_s: float) -> None:
        """A touchpoint goes out.

        Args:
            event_id: its own.
            at_s: monotonic seconds.
        """
        self.sent += 1
        self._sent_at_s[event_id] = at_s
        if len(self._sent_at_s) > _SENT_MAX:
            self._sent_at_s.popitem(last=False)

    def note_progress(self, partition: int, next_offset: int, at_s: float) -> None:
        """A partition's progress was committed."""
        self._progress[partition] = next_offset
        self.applied = sum(self._progress.values())
        self._applied_at.append((at_s, self.applied))
        while self._applied_at and self._applied_at[0][0] < at_s - _RATE_S:
            self._applied_at.popleft()

    def note_alert(self, alert: dict[str, Any], at_s: float) -> None:
        """An alert came in."""
        self.said[alert["kind"], alert["action"]] += 1
        self.last.append(alert)
        if alert["action"] == "resolve":
            self.open.pop(alert["dedupe_key"], None)
        elif alert["action"] != "suppress":
            self.open[alert["dedupe_key"]] = alert
            self.examples.setdefault(alert["kind"], alert)
        evidence = alert["evidence"]
        # Only what a touchpoint caused: a timer's alert has waited for its moment on purpose.
        if evidence and evidence[-1]["occurred_at"] == alert["occurred_at"]:
            sent_at_s = self._sent_at_s.get(evidence[-1]["event_id"])
            if sent_at_s is not None:
                self._latencies_ms.append((at_s - sent_at_s) * 1000)

    def rate_per_s(self, at_s: float) -> float:
        """Touchpoints applied per second, over the last few."""
        recent = [(s, n) for s, n in self._applied_at if s >= at_s - _RATE_S]
        if len(recent) < 2 or recent[-1][0] - recent[0][0] < 0.2:
            return 0.0
        return (recent[-1][1] - recent[0][1]) / (recent[-1][0] - recent[0][0])

    def latency_ms(self, share: float) -> float | None:
        """Event → alert: from sending the touchpoint to reading the alert it caused.

        Args:
            share: 0.5 for the median, 0.99 for all but one in a hundred.
        """
        if not self._latencies_ms:
            return None
        ordered = sorted(self._latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def alerts_by_kind(self) -> dict[str, dict[str, int]]:
        """kind → action → how many."""
        by_kind: dict[str, dict[str, int]] = {}
        for (kind, action), count in sorted(self.said.items()):
            by_kind.setdefault(kind, {})[action] = count
        return by_kind

    def as_json(self, elapsed_s: float, at_s: float) -> dict[str, Any]:
        """The line a program reads."""
        p50, p99 = self.latency_ms(0.5), self.latency_ms(0.99)
        return {
            "elapsed_s": round(elapsed_s, 1),
            "touchpoints": self.applied,
            "touchpoints_per_s": round(self.rate_per_s(at_s)),
            "sent": self.sent,
            "journeys": len(self.customers),
            "open_episodes": len(self.open),
            "alerts": sum(self.said.values()),
            "alerts_by_kind": {k: sum(told.values()) for k, told in self.alerts_by_kind().items()},
            "dead_letters": sum(self.dead_letters.values()),
            "event_to_alert_ms": {
                "p50": None if p50 is None else round(p50),
                "p99": None if p99 is None else round(p99),
            },
        }
