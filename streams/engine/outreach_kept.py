"""What is kept of reaching out to one customer. Times are epoch ms; 0 means never.

Everything is bounded: ``HELD_MAX``, ``APPROACHES_MAX``, ``LIVE_MAX``, ``FOLLOWED_MAX``.
"""

from msgspec import Struct, field

HELD_MAX = 4
APPROACHES_MAX = 16
LIVE_MAX = 4
FOLLOWED_MAX = 4


class Held(Struct, array_like=True, gc=False):
    """A candidate that may not leave yet.

    ``why`` is what holds it, ``release_ms`` when that ends (0: only something said can end it),
    ``action`` what to do where it differs from the detector's own.
    """

    alert_id: str
    kind: str
    since_ms: int
    expires_ms: int
    notice: bool
    why: str = ""
    release_ms: int = 0
    action: str | None = None


class Offer(Struct, array_like=True, gc=False):
    """The one candidate that has left and is neither answered nor expired."""

    alert_id: str
    kind: str
    offered_ms: int
    expires_ms: int
    notice: bool
    sent: bool = False


class Approach(Struct, array_like=True, gc=False):
    """One outreach that counts against the cap: offered by us, or sent by somebody anyway."""

    alert_id: str
    at_ms: int


class Followed(Struct, array_like=True, gc=False):
    """A customer watched after an offer, or after one that was held out."""

    alert_id: str
    family: str
    kind: str
    notice: bool
    hold_out: bool
    started_ms: int
    jei_before: float
    issue: str | None = None
    step: int = 0
    contacted: bool = False
    churned: bool = False


class Outreach(Struct, array_like=True):
    """All of it. ``live`` is when each contact that is going on was last heard of."""

    due_ms: int = 0
    held: list[Held] = field(default_factory=list)
    offer: Offer | None = None
    approaches: list[Approach] = field(default_factory=list)
    live: dict[str, int] = field(default_factory=dict)
    cool_until_ms: int = 0
    regulatory_ms: int = 0
    followed: list[Followed] = field(default_factory=list)
