"""Is an order, or money to be paid back, late and later? (FR10)

Fires when   the date moved back ``changes`` times and lies ``late_d`` days or more after the one
             first promised; or it lies, or has by now come to lie, ``severe_late_d`` days after it.
Silent when  it is less late, the date moved only once, or nobody ever promised one. A date told
             twice moved once; an earlier one moved nothing back.
Forgets      what is delivered, refunded or cancelled; the oldest of more than four.
Requirements S0-10, S2-05
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.units import DAY_MS

Days = Annotated[float, Gt(0), Le(365)]
CHAINS_MAX, MARKS_MAX = 4, 5
REFUND = "refund:"
EXTERNAL = ("carrier", "customs", "strike", "weather")
ENDS = ("order.delivered", "order.cancelled", "refund.issued")


class Chain(Struct, array_like=True, gc=False):
    """One thing with a date: as first promised, as it stands (0: unknown), how often moved back.

    ``told`` is the severity told; ``external`` if others were last said to have caused it.
    """

    object: str
    promised_ms: int
    eta_ms: int = 0
    changes: int = 0
    told: int = 0
    external: bool = False
    marks: list[int] = field(default_factory=list)


class Memory(Struct, array_like=True, gc=False):
    """What is under way, oldest first."""

    chains: list[Chain] = field(default_factory=list)


@dataclass(frozen=True)
class DelayChain(Detector):
    """Thresholds: days late and dates moved back that are too much, days late that are grave."""

    listens: ClassVar = (
        "order.placed",
        "order.delayed",
        "order.eta_changed",
        "return.requested",
        "return.received",
        *ENDS,
    )
    memory: ClassVar = Memory
    action: ClassVar = "Find out where it is; give one date that will hold, or offer a way out"

    late_d: Days = 1
    changes: Annotated[int, Ge(1), Le(100)] = 2
    severe_late_d: Days = 3

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """A first date, a date moved back, or the end of the wait."""
        touchpoint = heard.touchpoint
        if heard.type in ENDS:
            return _ended(memory, heard)
        name = _name(heard)
        chain = None
        for one in memory.chains:
            if one.object == name:
                chain = one
                break
        promised_ms = _promised_ms(touchpoint)
        forgotten = []
        if chain is None:
            if heard.type.startswith("return.") and promised_ms is None:
                return None
            chain = Chain(name, promised_ms or 0, promised_ms or 0, marks=[heard.note()])
            memory.chains.append(chain)
            if len(memory.chains) > CHAINS_MAX:
                gone = memory.chains.pop(0)
                forgotten = [Clear("forgotten", gone.object)] if gone.told else []
        if not _move(chain, heard):
            return forgotten
        return [*forgotten, *self._judged(chain, heard)]

    def on_wake(self, memory: Memory, heard: Heard) -> Answer:
        """So much later it has still not come."""
        return [finding for one in memory.chains for finding in self._judged(one, heard)]

    def wake_at_ms(self, memory: Memory, journey: Journey) -> int | None:
        """When the first of them will be too late, or gravely so."""
        if not memory.chains:
            return None
        due = [ms for one in memory.chains if (ms := self._next_ms(one))]
        return min(due) if due else None

    def _next_ms(self, chain: Chain) -> int:
        """When time alone makes it worse; 0 for never."""
        if not chain.promised_ms or chain.told >= 4:
            return 0
        severe_ms = chain.promised_ms + int(self.severe_late_d * DAY_MS)
        if chain.told or chain.changes < self.changes:
            return severe_ms
        return min(severe_ms, chain.promised_ms + int(self.late_d * DAY_MS))

    def _judged(self, chain: Chain, heard: Heard) -> list[Finding]:
        if not chain.promised_ms:
            return []
        late_ms = max(chain.eta_ms, heard.at_ms) - chain.promised_ms
        if late_ms >= int(self.severe_late_d * DAY_MS):
            severity, reason, threshold = 4, "very_late", self.severe_late_d
        elif late_ms >= int(self.late_d * DAY_MS) and chain.changes >= self.changes:
            severity, reason, threshold = 3, "late_and_moved_again", self.late_d
        else:
            return []
        if severity <= chain.told:
            return []
        chain.told = severity
        days, what = late_ms / DAY_MS, "refund" if chain.object.startswith(REFUND) else "order"
        return [
            Finding(
                severity=severity,
                reason=reason,
                text=f"{days:.1f} days late: {what} {chain.object.removeprefix(REFUND)}, its date "
                f"moved back {chain.changes} time{'s' * (chain.changes != 1)}",
                object=chain.object,
                number=days,
                threshold=threshold,
                marks=chain.marks,
                action=self._way_out(chain) if severity == 4 else None,
                cause="external" if chain.external else None,
            )
        ]

    def _way_out(self, chain: Chain) -> str:
        if chain.object.startswith(REFUND):
            return "Pay the refund today and confirm it in writing"
        return "Call: send it anew by express or give the money back, as the customer prefers"


def _name(heard: Heard) -> str:
    touchpoint = heard.touchpoint
    if heard.type.startswith(("return.", "refund.")):
        return REFUND + (touchpoint.order_id or touchpoint.invoice_id or "")
    return touchpoint.order_id


def _promised_ms(touchpoint: Any) -> int | None:
    """The date before this touchpoint moved it, as it tells it."""
    for name in ("promised_at", "promised_by", "old_eta"):
        ms = getattr(touchpoint, name, None)
        if ms is not None:
            return ms
    return None


def _move(chain: Chain, heard: Heard) -> bool:
    """Take in the date told; True if the wait became longer, or might have."""
    touchpoint = heard.touchpoint
    if heard.type == "order.placed":
        if touchpoint.promised_at is not None:
            chain.promised_ms = touchpoint.promised_at
            chain.eta_ms = chain.eta_ms or touchpoint.promised_at
        return chain.changes > 0
    cause = getattr(touchpoint, "cause", None)
    if cause is not None:
        chain.external = cause in EXTERNAL
    before_ms = chain.eta_ms
    if heard.type.startswith("return."):
        eta_ms = touchpoint.promised_by or before_ms
    elif touchpoint.new_eta is not None:
        eta_ms = touchpoint.new_eta
    else:
        since_ms = _promised_ms(touchpoint) or before_ms
        eta_ms = since_ms + int((touchpoint.delay_s or 0) * 1000) if since_ms else 0
        if heard.type == "order.delayed" and eta_ms <= before_ms:
            # Late, nobody says by how much: the date is gone, and that is a change of it.
            return _keep(chain, heard)
    if eta_ms <= before_ms:
        chain.eta_ms = eta_ms or before_ms
        return False
    chain.eta_ms = eta_ms
    return _keep(chain, heard)


def _keep(chain: Chain, heard: Heard) -> bool:
    chain.changes += 1
    number = heard.note()
    if number not in chain.marks:
        chain.marks.append(number)
        if len(chain.marks) > MARKS_MAX:
            del chain.marks[1]  # the promise stays
    return True


def _ended(memory: Memory, heard: Heard) -> Answer:
    """The thing itself, or the money for it, is there; a nameless refund is the only one due."""
    if not memory.chains:
        return None
    order_id = heard.touchpoint.order_id
    names = {order_id, REFUND + order_id} if order_id is not None else {REFUND}
    if heard.type != "refund.issued":
        names = {order_id}
    ended = [one for one in memory.chains if one.object in names]
    if not ended and heard.type == "refund.issued":
        refunds = [one for one in memory.chains if one.object.startswith(REFUND)]
        ended = refunds if len(refunds) == 1 and order_id is None else []
    memory.chains = [one for one in memory.chains if one not in ended]
    reason = heard.type.rpartition(".")[2]
    reason = "refunded" if reason == "issued" else reason
    return [Clear(reason, one.object) for one in ended if one.told]


DETECTOR = DelayChain()
