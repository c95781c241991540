"""Is this bill suddenly much higher than the ones before, with nothing to explain it? (BI2)

Fires when   a bill is ``ratio`` times the median of the last ``bills`` of its product and currency,
             and at least ``increase_min_minor`` above it; higher from ``severe_ratio`` times on.
Silent when  a change of plan explains it, or of price that the customer was told of in time; the
             customer was told before it was issued; or there are not yet ``bills`` to compare with.
Forgets      the episode at the next normal bill, a correction or a late word of the explanation;
             all but the last six bills of up to four products; what came before a change of plan.
Requirements S3-14, S0-22
"""

from dataclasses import dataclass
from statistics import median
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from msgspec import Struct, field

from streams.engine import money
from streams.engine.detector import Answer, Clear, Detector, Finding
from streams.engine.heard import Heard

BILLS_MAX, SERIES_MAX, NOTICES_MAX = 6, 4, 6


class Bill(Struct, array_like=True, gc=False):
    """One invoice; ``shock`` while its episode may be open."""

    invoice_id: str
    at_ms: int
    amount_minor: int
    mark: int
    shock: bool = False


class Series(Struct, array_like=True, gc=False):
    """The last bills of one product in one currency, by time of issue."""

    product: str
    currency: str
    bills: list[Bill] = field(default_factory=list)


class Notice(Struct, array_like=True, gc=False):
    """Something that explains the next bill (of that product), or the one it names.

    ``change`` is the event id of a change of plan or price; ``open`` if it does not explain until
    the customer is told of it.
    """

    product: str
    at_ms: int
    invoice_id: str = ""
    change: str = ""
    open: bool = False


class Memory(Struct, array_like=True, gc=False):
    """Bills to compare with and what explains the next one."""

    series: list[Series] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True)
class BillShock(Detector):
    """Thresholds: ratio to the usual bill, least increase, and what counts as being told."""

    listens: ClassVar = ("invoice.issued", "plan.changed", "price.changed", "notification.sent")
    memory: ClassVar = Memory
    action: ClassVar = "Explain the bill before the customer asks; correct it if it is wrong"
    cause: ClassVar = "billing"

    ratio: Annotated[float, Gt(1), Le(100)] = 1.5
    severe_ratio: Annotated[float, Gt(1), Le(100)] = 2.0
    increase_min_minor: Annotated[int, Ge(0)] = 1000
    bills: Annotated[int, Ge(1), Le(BILLS_MAX - 1)] = 3
    notice_min_d: Annotated[float, Ge(0), Le(365)] = 1
    notice_reasons: tuple[str, ...] = ("billing", "price", "plan")

    def on_touchpoint(self, memory: Memory, heard: Heard) -> Answer:
        """Compare a bill with those before; take note of what explains one."""
        if heard.type == "invoice.issued":
            return self._issued(memory, heard)
        if not self._noted(memory, heard):
            return None
        explained = []
        for series in memory.series:
            for bill in series.bills:
                if bill.shock and self._explained(memory, series, bill) is not None:
                    bill.shock = False
                    explained.append(Clear("explained", bill.invoice_id))
        return explained

    def _issued(self, memory: Memory, heard: Heard) -> Answer:
        touchpoint = heard.touchpoint
        if touchpoint.amount_minor <= 0:
            return None
        series = _series(memory, touchpoint.product_id or "", touchpoint.currency)
        bill = _entered(series, heard)
        if bill is None:
            return None
        notice = self._explained(memory, series, bill)
        if touchpoint.plan_changed or (notice is not None and notice.change):
            # From here on the usual bill is another one.
            open_ = [Clear("plan_changed", one.invoice_id) for one in series.bills if one.shock]
            series.bills = [one for one in series.bills if one.at_ms >= bill.at_ms]
            return open_
        place = series.bills.index(bill)
        before = series.bills[max(0, place - self.bills) : place]
        if len(before) < self.bills:
            return None
        usual_minor = median(one.amount_minor for one in before)
        increase_minor = bill.amount_minor - usual_minor
        shocking = (
            bill.amount_minor >= self.ratio * usual_minor
            and increase_minor >= self.increase_min_minor
        )
        if not shocking:
            return _calmed(series, bill)
        if notice is not None:
            return None
        bill.shock = True
        return self._finding(series, bill, before, usual_minor)

    def _finding(
        self, series: Series, bill: Bill, before: list[Bill], usual_minor: float
    ) -> Finding:
        ratio = bill.amount_minor / usual_minor
        severe = ratio >= self.severe_ratio
        amount = money.told(bill.amount_minor, series.currency)
        usual = money.told(round(usual_minor), series.currency)
        return Finding(
            severity=4 if severe else 3,
            reason="bill_shock",
            text=f"{ratio:.1f} times the usual bill: {amount} instead of {usual}",
            object=bill.invoice_id,
            number=ratio,
            threshold=self.severe_ratio if severe else self.ratio,
            marks=[*(one.mark for one in before), bill.mark],
            action="Call before the bill is due: explain it, correct it or offer instalments"
            if severe
            else None,
        )

    def _noted(self, memory: Memory, heard: Heard) -> bool:
        touchpoint, product = heard.touchpoint, heard.touchpoint.product_id or ""
        if heard.type != "notification.sent":
            told_d = touchpoint.notice_days
            told = told_d is not None and told_d >= self.notice_min_d
            wanted = touchpoint.initiated_by == "customer" or (
                heard.type == "plan.changed" and touchpoint.initiated_by is None
            )
            notice = Notice(product, heard.at_ms, "", touchpoint.event_id, not (told or wanted))
        elif not touchpoint.proactive:
            return False
        else:
            for change in memory.notices:
                if change.change and change.change == touchpoint.about:
                    change.open, change.at_ms = False, max(change.at_ms, heard.at_ms)
                    return True
            reason = touchpoint.reason
            general = reason is not None and reason.l1 in self.notice_reasons
            if not general and not touchpoint.invoice_id:
                return False
            notice = Notice(product, heard.at_ms, touchpoint.invoice_id or "")
        memory.notices.append(notice)
        del memory.notices[:-NOTICES_MAX]
        return not notice.open

    def _explained(self, memory: Memory, series: Series, bill: Bill) -> Notice | None:
        place = series.bills.index(bill)
        since_ms = series.bills[place - 1].at_ms if place else 0
        for notice in reversed(memory.notices):
            if notice.open or notice.at_ms > bill.at_ms:
                continue
            if notice.invoice_id:
                if notice.invoice_id == bill.invoice_id:
                    return notice
            elif notice.at_ms > since_ms and (
                not notice.product or series.product in ("", notice.product)
            ):
                return notice
        return None


def _series(memory: Memory, product: str, currency: str) -> Series:
    for series in memory.series:
        if series.product == product and series.currency == currency:
            return series
    series = Series(product, currency)
    memory.series.append(series)
    if len(memory.series) > SERIES_MAX:
        memory.series.remove(min(memory.series[:-1], key=lambda one: one.bills[-1].at_ms))
    return series


def _entered(series: Series, heard: Heard) -> Bill | None:
    """The bill in its place by time of issue; one told again replaces what it corrects.

    None if it is older than all that is remembered.
    """
    touchpoint = heard.touchpoint
    for bill in series.bills:
        if bill.invoice_id == touchpoint.invoice_id:
            bill.amount_minor, bill.mark = touchpoint.amount_minor, heard.note()
            return bill
    bill = Bill(touchpoint.invoice_id, heard.at_ms, touchpoint.amount_minor, heard.note())
    series.bills.append(bill)
    series.bills.sort(key=lambda one: one.at_ms)
    del series.bills[:-BILLS_MAX]
    return bill if bill in series.bills else None


def _calmed(series: Series, bill: Bill) -> Answer:
    """A normal bill ends the shock of those before it, or its own if it is a correction."""
    calmed = []
    for one in series.bills[: series.bills.index(bill) + 1]:
        if one.shock:
            one.shock = False
            calmed.append(Clear("corrected" if one is bill else "next_bill_normal", one.invoice_id))
    return calmed


DETECTOR = BillShock()
