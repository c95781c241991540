"""What is kept of reaching out to one customer. Times are epoch ms; 0 means never.

Everything is bounded: ``HELD_MAX``, ``APPROACHES_MAX``, ``LIVE_MAX``, ``FOLLOWED_MAX``.
"""

from msgspec import Struct, field

from streams.engine.units import DAY_MS

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


class Outreach(Struct, array_like=True, gc=False):
    """All of it. ``live`` is when each contact that is going on was last heard of."""

    due_ms: int = 0
    held: list[Held] = field(default_factory=list)
    offer: Offer | None = None
    approaches: list[Approach] = field(default_factory=list)
    live: dict[str, int] = field(default_factory=dict)
    cool_until_ms: int = 0
    regulatory_ms: int = 0
    followed: list[Followed] = field(default_factory=list)

    def joined(self, other: "Outreach") -> "Outreach":
        """Of two customers that turn out to be one: all that protects, and of two open offers the
        one that stands longer; the other was made to somebody else and is not followed up."""
        offers = [one for one in (self.offer, other.offer) if one is not None]
        held = {one.alert_id: one for one in (*other.held, *self.held)}
        watched = {(one.kind, one.alert_id): one for one in (*other.followed, *self.followed)}
        approaches = {
            (one.at_ms, one.alert_id): one for one in (*other.approaches, *self.approaches)
        }
        live = {**other.live, **self.live}
        made = Outreach(
            0,
            sorted(held.values(), key=lambda one: (one.since_ms, one.alert_id))[:HELD_MAX],
            max(offers, key=lambda one: (one.expires_ms, one.alert_id), default=None),
            [approaches[key] for key in sorted(approaches)][-APPROACHES_MAX:],
            dict(sorted(live.items(), key=lambda one: (one[1], one[0]))[-LIVE_MAX:]),
            max(self.cool_until_ms, other.cool_until_ms),
            max(self.regulatory_ms, other.regulatory_ms),
            sorted(watched.values(), key=lambda one: (one.started_ms, one.alert_id))[:FOLLOWED_MAX],
        )
        made.due_ms = next_due_ms(made)
        return made


HORIZONS = ((7, "repeat_contact"), (14, "jei"), (30, "churn"), (90, "churn"))
"""Days after which a watched customer is looked at, and at what (catalogue section 7, CL2)."""


def next_due_ms(kept: Outreach) -> int:
    """When something kept of outreach is due next; 0 for never."""
    due = [ms for held in kept.held for ms in (held.release_ms, held.expires_ms) if ms]
    due += [observed_ms(one) for one in kept.followed]
    if kept.offer is not None:
        due.append(kept.offer.expires_ms)
    return min(due, default=0)


def observed_ms(one: Followed) -> int:
    """When a watched customer is looked at next."""
    return one.started_ms + HORIZONS[one.step][0] * DAY_MS
