"""When a customer may be reached out to, and who is left out to learn whether it helps.

The policy's ``[outreach]`` table; ``streams.policy`` validates it. Everything here can only hold
outreach back: alerts are published whatever it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le

Days = Annotated[float, Gt(0), Le(3_650)]
Hours = Annotated[float, Gt(0), Le(8_760)]
Share = Annotated[float, Ge(0), Le(1)]

Offsets = tuple[tuple[int, int], ...]
"""(from this UTC ms on, local minus UTC in ms), ascending, as in ``streams.engine.calendars``."""
Zones = Mapping[str, Offsets]
"""Offsets by IANA name; a name that is not in it is no zone."""


@dataclass(frozen=True)
class OutreachRules:
    """The guard before a candidate leaves, and the hold-out (catalogue section 7).

    Args:
        severity_min: of alerts that suggest reaching out.
        never: detectors whose alerts never do.
        notices: detectors whose outreach tells the customer what they need to know (a service
            notice); that of all others asks something of them (persuasion).
        persuasion_consent, notice_consent: purpose for which consent must stand; "" asks none.
        quiet_from, quiet_to: local wall-clock times between which nobody is reached out to; equal
            ones mean no quiet hours.
        quiet_days: weekdays that are quiet throughout.
        cap: persuasion offered to one customer within ``cap_d`` days, over all detectors; "none"
            for no cap, 0 to block.
        cap_d: its window.
        wait_h: hours a candidate waits until it may leave; then it is dropped.
        offer_h: hours an offer stands; while it does, no other is made.
        live_h: hours after which a contact whose end nobody told is thought to be over.
        cool_down_d: days without persuasion after a bad answer.
        bad_answers: reasons of an answer that are as bad as declining.
        hold_out: share of customers, per detector and epoch, who are left out.
        epoch_d: days after which the lots are drawn anew.
        regulatory_d: days after a complaint to a regulator in which nobody is left out.
    """

    severity_min: Annotated[int, Ge(1), Le(5)] = 3
    never: tuple[str, ...] = ()
    notices: tuple[str, ...] = ("delay_chain", "delay_without_notice", "payment_trouble")
    persuasion_consent: str = "marketing"
    notice_consent: str = ""
    quiet_from: str = "20:00"
    quiet_to: str = "08:00"
    quiet_days: tuple[str, ...] = ("sunday",)
    cap: Annotated[int, Ge(0), Le(16)] | Literal["none"] = 2
    cap_d: Days = 7
    wait_h: Hours = 72
    offer_h: Hours = 24
    live_h: Hours = 4
    cool_down_d: Days = 30
    bad_answers: tuple[str, ...] = ("annoyed", "complained", "unsubscribed")
    hold_out: Share = 0.1
    epoch_d: Days = 90
    regulatory_d: Days = 90
