"""What each type of touchpoint adds to the sums: one table, type to function.

What is known at once counts in the hour in which it happened. What only shows later (did the
contact come again? was self-service enough?) counts in the day of the contact or attempt it is
about, so that claimed and observed stand side by side.
"""

from collections.abc import Callable
from typing import Protocol

from streams.cohorts.cell import Cell, Mark, bin_of
from streams.cohorts.dimensions import dims_of
from streams.cohorts.facts_beside import BESIDE, why_they_leave
from streams.cohorts.insights import said_code
from streams.cohorts.memory import (
    AGAIN_7,
    AGAIN_30,
    ANY_7,
    ANY_30,
    CASES_MAX,
    CLAIMED,
    GONE,
    KNOWLEDGE,
    REPEAT,
    TRIES_MAX,
    Asked,
    Contacted,
    CustomerMemory,
    Scored,
    Tried,
)
from streams.engine.heard import Heard
from streams.engine.units import DAY_MS

CONTAINED_MS = DAY_MS
PAIR_MS = 7 * DAY_MS
WORST = 0.5
"""Answers up to that one, of 0 to 1, are read by those who own the cause."""
_REPEATS = ((7, AGAIN_7, ANY_7), (30, AGAIN_30, ANY_30))
_SELF_SERVICE = ("ivr", "bot", "web", "app", "portal")


class Sheet(Protocol):
    """What one touchpoint writes to (``streams.cohorts.collector``)."""

    def hour(self, heard: Heard, like: list[str | None] | None = None) -> Cell:
        """The sums of the hour and place of the touchpoint itself."""

    def day(self, at_ms: int, dims: list[str | None], heard: Heard) -> Cell:
        """The sums of the day and place of an earlier contact or attempt."""

    def mark(self, dimension: str, value: str, mark: Mark) -> None:
        """Something that an account or an agent must be told by itself."""


def _contact_started(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    if heard.type == "case.customer_replied":
        _asked(sheet, heard, memory)
    if not heard.new_contact:
        return
    cell = sheet.hour(heard)
    cell.add("contacts")
    cell.add(f"jei.{round(heard.jei)}")
    points = heard.points or {}
    if heard.touchpoint.caused_by is not None or "self_service_failed" in points:
        cell.add("avoidable")
    _attempts_failed(sheet, heard, memory)
    _contact_kept(sheet, heard, memory, cell)


def _attempts_failed(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    if heard.touchpoint.channel in _SELF_SERVICE:
        return
    for tried in memory.tries:
        if 0 <= heard.at_ms - tried.at_ms <= CONTAINED_MS:
            sheet.day(tried.at_ms, tried.dims, heard).add("contained_not")
    memory.tries = [tried for tried in memory.tries if tried.at_ms > heard.at_ms]


def _contact_kept(sheet: Sheet, heard: Heard, memory: CustomerMemory, cell: Cell) -> None:
    issue, at_ms = heard.issue, heard.at_ms
    if issue is None:
        return
    first = issue.chain == 1
    if not first:
        cell.add("repeats")
        _came_again(sheet, heard, memory, issue.key)
    contact_id = heard.touchpoint.contact_id if heard.contact is not None else f"@{at_ms}"
    dims = dims_of(heard)
    kept = Contacted(contact_id, issue.key, at_ms, list(dims), 0 if first else REPEAT)
    memory.keep(kept)
    if first:
        sheet.day(at_ms, kept.dims, heard).add("first")


def _came_again(sheet: Sheet, heard: Heard, memory: CustomerMemory, issue: str) -> None:
    gap_ms = heard.at_ms - heard.previous_contact_ms
    before = [c for c in memory.contacts if c.issue == issue]
    if before and before[-1].agent and gap_ms <= 7 * DAY_MS:
        again = Mark(heard.at_ms, "again", heard.journey.customer_id, before[-1].contact_id)
        sheet.mark("agent", before[-1].agent, again)
    for contact in before:
        if contact.flags & (REPEAT | GONE):
            continue
        cell = sheet.day(contact.at_ms, contact.dims, heard)
        same = heard.touchpoint.channel == contact.dims[2]
        for days, in_channel, anywhere in _REPEATS:
            if gap_ms > days * DAY_MS:
                continue
            if not contact.flags & anywhere:
                contact.flags |= anywhere
                cell.add(f"again_any_{days}")
            if same and not contact.flags & in_channel:
                contact.flags |= in_channel
                cell.add(f"again_{days}")


def _answered(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    cell = sheet.hour(heard)
    cell.add("answered")
    wait_s = heard.touchpoint.wait_s
    if wait_s is not None:
        _responded(cell, "response", wait_s)
        _responded(cell, "meaningful", wait_s)
    _served_by(heard, memory)


def _responded(cell: Cell, name: str, seconds: float) -> None:
    cell.add(name)
    cell.add(f"{name}_ms", round(seconds * 1000))
    cell.add(f"{name}.{bin_of(seconds)}")


def _served_by(heard: Heard, memory: CustomerMemory) -> None:
    """Who serves the contact, and where: what the customer will say of it belongs there."""
    contact, actor = memory.contact(heard.touchpoint.contact_id), heard.touchpoint.actor
    if contact is None:
        return
    queue = getattr(heard.touchpoint, "queue", None)
    contact.dims[5] = queue or contact.dims[5]
    if actor is not None and actor.kind == "agent":
        contact.dims[6] = actor.tenure_band or contact.dims[6]
        contact.agent = actor.id or contact.agent


def _abandoned(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    sheet.hour(heard).add("abandoned")
    contact = memory.contact(heard.touchpoint.contact_id)
    if contact is not None and not contact.flags & (GONE | REPEAT):
        contact.flags |= GONE
        sheet.day(contact.at_ms, contact.dims, heard).add("first_gone")


def _ended(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    touchpoint = heard.touchpoint
    _served_by(heard, memory)
    cell = sheet.hour(heard)
    parts = (touchpoint.talk_s, touchpoint.hold_s, touchpoint.acw_s)
    seconds = sum(part or 0.0 for part in parts)
    if any(part is not None for part in parts):
        cell.add("handled")
        cell.add("handle_ms", round(seconds * 1000))
    contact = memory.contact(touchpoint.contact_id)
    if contact is None:
        return
    if contact.flags & KNOWLEDGE and any(part is not None for part in parts):
        cell.add("handled_known")
        cell.add("handle_known_ms", round(seconds * 1000))
    if contact.agent:
        customer = heard.journey.customer_id
        ended = Mark(heard.at_ms, "ended", customer, contact.contact_id, round(seconds))
        sheet.mark("agent", contact.agent, ended)
    claimed = touchpoint.agent_says_resolved or touchpoint.outcome == "resolved"
    if claimed and not contact.flags & (CLAIMED | REPEAT | GONE):
        contact.flags |= CLAIMED
        sheet.day(contact.at_ms, contact.dims, heard).add("first_claimed")


def _counted(code: str) -> "Fold":
    def fold(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
        sheet.hour(heard).add(code)

    return fold


def _self_served(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    touchpoint = heard.touchpoint
    if heard.type == "ivr.segment_ended":
        contained = touchpoint.exit in ("self_served", "hangup")
    else:
        contained = touchpoint.outcome != "escalated" and not getattr(touchpoint, "handed_to", None)
    dims = list(dims_of(heard))
    cell = sheet.day(heard.at_ms, dims, heard)
    cell.add("attempts")
    if contained:
        cell.add("contained")
        memory.tries.append(Tried(heard.at_ms, dims))
        del memory.tries[:-TRIES_MAX]


def _asked(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    case_id = heard.touchpoint.case_id
    case, opened = memory.case(case_id), heard.type == "case.opened"
    if case is None:
        memory.cases.append(Asked(case_id, heard.at_ms, heard.at_ms if opened else 0))
        del memory.cases[:-CASES_MAX]
    elif case.asked_ms == 0:
        case.asked_ms = heard.at_ms


def _response_sent(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    case, touchpoint = memory.case(heard.touchpoint.case_id), heard.touchpoint
    if case is None or touchpoint.kind == "auto":
        return
    if 0 < case.asked_ms <= heard.at_ms:
        _responded(sheet.hour(heard), "response", (heard.at_ms - case.asked_ms) / 1000)
        case.asked_ms = 0
    holding = touchpoint.kind == "template" or touchpoint.substantive is False
    if not holding and 0 < case.opened_ms <= heard.at_ms:
        _responded(sheet.hour(heard), "meaningful", (heard.at_ms - case.opened_ms) / 1000)
        case.opened_ms = 0


def _sla(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    cell = sheet.hour(heard)
    cell.add("sla")
    cell.add("sla_met", int(heard.touchpoint.met))


def _surveyed(sheet: Sheet, heard: Heard, memory: CustomerMemory) -> None:
    kind, score = heard.touchpoint.kind, heard.score
    contact = memory.contact(heard.touchpoint.contact_id)
    if kind == "exit":
        why_they_leave(sheet, heard, memory)
    if score is None or kind not in ("csat", "ces", "nps"):
        return
    cell = sheet.hour(heard, contact.dims if contact is not None else None)
    if score <= WORST and heard.touchpoint.verbatim_ref:
        cell.add(said_code(round(1000 + score * 4000), heard.touchpoint.verbatim_ref))
    if kind == "nps":
        points = score * 10
        cell.add("nps")
        cell.add("promoters", int(points >= 8.5))
        cell.add("detractors", int(points < 6.5))
        return
    # CSAT on 1 to 5, CES 2.0 on 1 to 7 with 7 easy, in thousandths.
    milli = round(1000 + score * (4000 if kind == "csat" else 6000))
    cell.add(kind)
    cell.add(f"{kind}_m", milli)
    if kind == "csat":
        cell.add("csat_sq", milli * milli)
        cell.add("csat_good", int(milli >= 4000))
        cell.add("csat_bad", int(milli <= 2000))
        if contact is not None and contact.agent:
            words = heard.touchpoint.verbatim_ref or ""
            customer = heard.journey.customer_id
            mark = Mark(heard.at_ms, "scored", customer, contact.contact_id, milli, words)
            sheet.mark("agent", contact.agent, mark)
    else:
        cell.add("ces_hard", int(milli <= 3000))
        cell.add("ces_easy", int(milli >= 5000))
    _paired(cell, heard, memory, kind, milli)


def _paired(cell: Cell, heard: Heard, memory: CustomerMemory, kind: str, milli: int) -> None:
    """Satisfaction and ease of one contact or issue, said within a week, are one pair."""
    about = heard.touchpoint.contact_id or (heard.issue.key if heard.issue is not None else "")
    setattr(memory, kind, Scored(about, heard.at_ms, milli))
    csat, ces = memory.csat, memory.ces
    if not about or csat is None or ces is None or csat.about != ces.about:
        return
    if abs(csat.at_ms - ces.at_ms) <= PAIR_MS:
        cell.add("pairs")
        cell.add("pairs_hard", int(csat.score >= 4000 and ces.score <= 3000))
        memory.csat = memory.ces = None


Fold = Callable[[Sheet, Heard, CustomerMemory], None]

FOLDS: dict[str, Fold] = {
    "contact.started": _contact_started,
    "case.customer_replied": _contact_started,
    "contact.answered": _answered,
    "contact.abandoned": _abandoned,
    "contact.ended": _ended,
    "contact.transferred": _counted("transfers"),
    "contact.escalated": _counted("escalations"),
    "selfservice.ended": _self_served,
    "bot.session_ended": _self_served,
    "ivr.segment_ended": _self_served,
    "case.opened": _asked,
    "case.response_sent": _response_sent,
    "case.reopened": _counted("reopened"),
    "sla.result": _sla,
    "survey.responded": _surveyed,
    "customer.churned": _counted("churned"),
    **BESIDE,
}
