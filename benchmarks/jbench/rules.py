"""The job for the Python systems: one decoder (msgspec, everything checked) and one step.

Every Python system of the comparison uses this file, so that what differs is the system.
"""

import hashlib
import math
from typing import Literal

import msgspec

Channel = Literal["phone", "chat", "email", "web", "app", "branch"]
Reason = Literal["billing", "delivery", "login", "outage", "contract", "other"]
_DECAY = -math.log(2) / 259_200
_WINDOW_S, _RECENT_MAX, _FIRE, _ARM = 604_800, 20, 8.0, 6.0


class _Touchpoint(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", gc=False):
    event_id: str
    customer_id: str
    ts: int
    channel: Channel
    schema_version: int


class Contact(_Touchpoint, tag="support_contact", kw_only=True):
    """A support contact."""

    case_id: str
    reason: Reason
    handle_s: int
    wait_s: int
    resolved: bool
    sentiment: float | None = None


class Transfer(_Touchpoint, tag="transfer"):
    """A contact handed on."""

    case_id: str
    from_queue: str
    to_queue: str
    hold_s: int


class Billing(_Touchpoint, tag="billing"):
    """Something about an invoice."""

    invoice_id: str
    amount: int
    status: str


class Onboarding(_Touchpoint, tag="onboarding"):
    """A step of the beginning."""

    step: str
    status: str
    duration_s: int


class Escalation(_Touchpoint, tag="escalation"):
    """The probe."""

    level: int


_WEIGHTS = {Contact: 2.0, Transfer: 1.5, Billing: 1.0, Onboarding: 0.5, Escalation: 9.0}
read = msgspec.json.Decoder(Contact | Transfer | Billing | Onboarding | Escalation).decode
Unreadable = msgspec.DecodeError


class Kept(msgspec.Struct, array_like=True, gc=False):
    """What is kept of a customer; ``pad`` stands for the rest of a real state."""

    effort: float = 0.0
    last: int = 0
    armed: bool = True
    n: int = 0
    recent: list[tuple[int, str]] = []
    pad: bytes = b""


class Alert(msgspec.Struct):
    """An effort that crossed the threshold."""

    customer_id: str
    event_id: str
    ts: int
    score: float
    repeat: bool


pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Kept).decode
alert_json = msgspec.json.Encoder().encode


def fresh(customer: bytes, pad_bytes: int) -> Kept:
    """The state of a customer met for the first time; the padding is fixed per customer."""
    return Kept(pad=hashlib.shake_128(customer).digest(pad_bytes))


def step(kept: Kept, touchpoint: _Touchpoint) -> Alert | None:
    """Fold one touchpoint in."""
    ts, kind, repeat = touchpoint.ts, touchpoint.__class__, False
    effort = kept.effort * math.exp(_DECAY * (ts - kept.last)) if kept.n else 0.0
    effort += _WEIGHTS[kind]
    if kind is Contact:
        since, reason, recent = ts - _WINDOW_S, touchpoint.reason, kept.recent
        if recent and recent[0][0] < since:
            recent = kept.recent = [one for one in recent if one[0] >= since]
        for one in recent:
            if one[1] == reason:
                repeat = True
                effort += 1.0
                break
        recent.append((ts, reason))
        if len(recent) > _RECENT_MAX:
            del recent[0]
    kept.effort, kept.last = effort, ts
    kept.n += 1
    if effort >= _FIRE and kept.armed:
        kept.armed = False
        return Alert(touchpoint.customer_id, touchpoint.event_id, ts, effort, repeat)
    if effort < _ARM:
        kept.armed = True
    return None
