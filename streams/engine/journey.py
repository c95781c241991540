"""All that is kept of one customer.

Rules of this file: only plain values, everything bounded by ``LimitRules``, times are epoch
milliseconds of event time, and 0 or None means "never". Structs are array-like so that an encoded
journey carries no field names: **add fields at the end, with a default, and never reorder them**.
The engine changes a journey in place; nobody else does.

``recent`` holds the last touchpoints that mattered as evidence; other parts refer to them by
their number ``n`` and simply find nothing when one has been forgotten.

Effort is stored *normalised*: points times 2^((t - base_ms) / half-life). Adding is then one
addition, whatever the order of arrival, and the value at any instant one multiplication.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

from msgspec import Struct, field

from streams.engine.identity_kept import Absorbed, Consent
from streams.engine.long_run import Diary, Moment, Ratings
from streams.engine.outreach_kept import Outreach

Memories = TypeVar("Memories")
"""One optional field per detector, named by its kind; made by ``streams.wire.journey``."""


class Mark(Struct, array_like=True, gc=False):
    """One remembered touchpoint, to be shown as evidence."""

    n: int
    event_id: str
    type: str
    at_ms: int
    partition: int
    offset: int
    points: float = 0.0
    late: bool = False


class Path(Struct, array_like=True, gc=False):
    """How one contact or one case was handed on: queues in order, transfers by mode."""

    queues: list[str] = field(default_factory=list)
    transfers: int = 0
    cold: int = 0
    revisits: int = 0
    marks: list[int] = field(default_factory=list)


class Contact(Struct, array_like=True, gc=False):
    """One service contact, from start to end, as far as it matters afterwards."""

    contact_id: str
    issue: str
    channel: str | None
    started_ms: int
    last_ms: int
    inbound: bool = True
    ended_ms: int = 0
    outcome: str | None = None
    ivr_s: float = 0.0
    wait_s: float = 0.0
    quoted_wait_s: float = 0.0
    over_quote: bool = False
    information: int = 0
    path: Path = field(default_factory=Path)
    marks: list[int] = field(default_factory=list)
    counted: bool = False
    held_s: float = 0.0


class Case(Struct, array_like=True, gc=False):
    """One case (ticket): which issue it belongs to and where it has been."""

    case_id: str
    issue: str
    opened_ms: int
    last_ms: int
    reopens: int = 0
    path: Path = field(default_factory=Path)
    resolved_ms: int = 0


class Issue(Struct, array_like=True, gc=False):
    """What the customer wants solved, over all contacts and cases about it.

    ``chain`` counts contacts since the last silence longer than the long repeat window; the other
    counts (waits, requests, escalations …) begin anew after such a silence on the issue as a whole.
    ``claimed_ms`` is a claim of resolution still standing, ``refuted_ms`` when one last fell;
    ``alias`` is the specific key an unclassified issue was given later.
    """

    key: str
    first_ms: int
    last_ms: int
    alias: str | None = None
    contact_ms: int = 0
    chain: int = 0
    channel: str | None = None
    resolved_ms: int = 0
    claimed_ms: int = 0
    reopens: int = 0
    false_resolutions: int = 0
    escalations: int = 0
    information: int = 0
    wait_s: float = 0.0
    transfer_times: list[int] = field(default_factory=list)
    effort: float = 0.0
    satisfied_ms: int = 0
    disputes: int = 0
    contact_marks: list[int] = field(default_factory=list)
    trouble_marks: list[int] = field(default_factory=list)
    information_marks: list[int] = field(default_factory=list)
    refuted_ms: int = 0
    claim_mark: int = 0


class Promise(Struct, array_like=True, gc=False):
    """One promise not yet kept. ``due_ms`` already includes the grace period."""

    promise_id: str
    kind: str
    made_by: str | None
    issue: str | None
    due_ms: int
    changes: int = 0
    broken_ms: int = 0
    marks: list[int] = field(default_factory=list)


class Contribution(Struct, array_like=True, gc=False):
    """One addition to effort: which touchpoint, which component, how many points (undecayed)."""

    n: int
    component: str
    points: float
    at_ms: int


class Effort(Struct, array_like=True, gc=False):
    """The customer's effort, normalised to ``base_ms`` at half-life ``half_life_ms``."""

    base_ms: int = 0
    half_life_ms: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    top: list[Contribution] = field(default_factory=list)


class Profile(Struct, array_like=True, gc=False):
    """Who the customer is, from the relationship's own touchpoints."""

    account_id: str | None = None
    segment: str | None = None
    tier: str | None = None
    acv_minor: int = 0
    currency: str | None = None
    contract_ends_ms: int = 0
    stage: str = "prospect"
    stage_since_ms: int = 0
    goodwill_ms: list[int] = field(default_factory=list)
    negative_ms: int = 0
    incidents: list[str] = field(default_factory=list)
    timezone: str | None = None
    term_months: int = 0
    clv_minor: int = 0
    advocate: bool = False


class Episode(Struct, array_like=True, gc=False):
    """The life of one finding. ``cause`` is set where it differs from the detector's own.

    ``word_ms`` is the time of the latest that people said of it, ``put_off_severity`` how severe it
    was when they snoozed or dismissed it, ``useful`` whether they found it right to be told.
    """

    kind: str
    object: str
    alert_id: str
    state: str
    severity: int
    base_severity: int
    reason: str
    opened_ms: int
    changed_ms: int
    revision: int = 1
    resolved_ms: int = 0
    quiet_due_ms: int = 0
    snoozed_until_ms: int = 0
    suppressed: str | None = None
    issue: str | None = None
    cause: str | None = None
    put_off_severity: int = 0
    word_ms: int = 0
    useful: bool | None = None


class Attempt(Struct, array_like=True, gc=False):
    """The last failed self-service, bot or IVR attempt waiting for an assisted contact."""

    at_ms: int
    n: int


class Journey(Struct, Generic[Memories], array_like=True, gc=False):
    """One customer. ``memories`` holds each detector's own slice under its kind.

    ``seen`` holds the identities of the touchpoints heard last (``streams.engine.admission``).
    ``n`` counts the touchpoints taken in and ``chain`` is a rolling hash of their offsets: together
    they let anybody check, without this code, that each was applied once and in order. ``told_ms``
    is the event time of the last snapshot published; 0 as well when the next touchpoint owes one.
    """

    customer_id: str
    first_ms: int
    last_ms: int
    n: int = 0
    clock_ms: int = 0
    next_due_ms: int = 0
    seen: bytes = b""
    recent: list[Mark] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    contact_times: list[int] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    effort: Effort = field(default_factory=Effort)
    profile: Profile = field(default_factory=Profile)
    attempt: Attempt | None = None
    episodes: list[Episode] = field(default_factory=list)
    wakes: dict[str, int] = field(default_factory=dict)
    memories: Memories | None = None
    alerts_day: int = 0
    alerts_today: int = 0
    forgotten: int = 0
    backfilled_ms: int = 0
    chain: int = 0
    swept_day: int = 0
    consents: list[Consent] = field(default_factory=list)
    ratings: dict[str, Ratings] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    diary: Diary = field(default_factory=Diary)
    told_ms: int = 0
    absorbed: list[Absorbed] = field(default_factory=list)
    outreach: Outreach | None = None

    def issue(self, key: str | None) -> Issue | None:
        """The issue under that key or alias, or None."""
        if key is None:
            return None
        for issue in self.issues:
            if issue.key == key or issue.alias == key:
                return issue
        return None

    def contact(self, contact_id: str | None) -> Contact | None:
        """The contact of that id, newest first, or None."""
        if contact_id is None:
            return None
        for contact in reversed(self.contacts):
            if contact.contact_id == contact_id:
                return contact
        return None

    def case(self, case_id: str | None) -> Case | None:
        """The case of that id, or None."""
        if case_id is None:
            return None
        for case in self.cases:
            if case.case_id == case_id:
                return case
        return None

    def promise(self, promise_id: str | None) -> Promise | None:
        """The open promise of that id, or None."""
        for promise in self.promises:
            if promise.promise_id == promise_id:
                return promise
        return None

    def episode(self, kind: str, object_id: str) -> Episode | None:
        """The episode (open or resolved) of that detector and object, or None."""
        for episode in self.episodes:
            if episode.kind == kind and episode.object == object_id:
                return episode
        return None

    def evidence(self, numbers: Iterable[int]) -> list[Mark]:
        """The remembered touchpoints with those numbers, oldest first; forgotten ones left out."""
        wanted = set(numbers)
        return [mark for mark in self.recent if mark.n in wanted] if wanted else []

    def is_open(self, kind: str, object_id: str) -> bool:
        """Whether that detector has an open episode about that object."""
        episode = self.episode(kind, object_id)
        return episode is not None and episode.resolved_ms == 0
