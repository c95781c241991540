"""What adds to the sums beside contacts and surveys: being found and tried, knowledge, what is made
good, and why they leave."""

from typing import Any

from streams.cohorts.memory import KNOWLEDGE, CustomerMemory
from streams.engine.heard import Heard

LEFT = "left:"
"""Beginning of the counts of reasons that customers gave for leaving."""
CODES_MAX = 5
"""Reasons counted of one answer."""


def _knowledge_used(sheet: Any, heard: Heard, memory: CustomerMemory) -> None:
    sheet.hour(heard).add("knowledge")
    contact = memory.contact(heard.touchpoint.contact_id)
    if contact is not None:
        contact.flags |= KNOWLEDGE


def _engaged(sheet: Any, heard: Heard, memory: CustomerMemory) -> None:
    sheet.hour(heard).add("engaged")


def _trial_started(sheet: Any, heard: Heard, memory: CustomerMemory) -> None:
    sheet.hour(heard).add("trials")


def _trial_ended(sheet: Any, heard: Heard, memory: CustomerMemory) -> None:
    cell = sheet.hour(heard)
    cell.add("trials_ended")
    cell.add("trials_converted", int(heard.touchpoint.outcome == "converted"))


def _stumbled(sheet: Any, heard: Heard, memory: CustomerMemory) -> None:
    sheet.hour(heard).add("stumbles")


def why_they_leave(sheet: Any, heard: Heard, memory: CustomerMemory) -> None:
    """The reasons of an exit survey, or of somebody who asks to leave."""
    codes = heard.touchpoint.reason_codes or ()
    if codes:
        cell = sheet.hour(heard)
        cell.add("left")
        for code in sorted(set(codes))[:CODES_MAX]:
            cell.add(LEFT + code)


def _cancels(sheet: Any, heard: Heard, memory: CustomerMemory) -> None:
    sheet.hour(heard).add("cancels")
    why_they_leave(sheet, heard, memory)


def _credited(sheet: Any, heard: Heard, memory: CustomerMemory) -> None:
    cell, touchpoint = sheet.hour(heard), heard.touchpoint
    cell.add("credits")
    amount: Any = getattr(touchpoint, "amount_minor", None) or getattr(touchpoint, "cost_minor", 0)
    cell.add("credit_minor", amount or 0)


BESIDE = {
    "cancel.requested": _cancels,
    "credit.issued": _credited,
    "recovery.action_taken": _credited,
    "knowledge.used": _knowledge_used,
    "marketing.engaged": _engaged,
    "trial.started": _trial_started,
    "trial.ended": _trial_ended,
    "digital.friction": _stumbled,
    "task.failed": _stumbled,
    "task.abandoned": _stumbled,
}
