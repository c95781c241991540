"""What must be remembered of a customer to say later how an earlier contact turned out.

It lies in the customer's journey, beside the detectors' memories. Array-like: fields are added at
the end, with a default. Bounded by the constants below.
"""

from msgspec import Struct, field

KIND = "crowd"
"""Its name among a journey's memories; no detector may be called so."""

CONTACTS_MAX = 5
CASES_MAX = 3
TRIES_MAX = 2

GONE, CLAIMED, AGAIN_7, AGAIN_30, ANY_7, ANY_30, REPEAT, KNOWLEDGE = 1, 2, 4, 8, 16, 32, 64, 128
"""Flags of a contact: given up; claimed resolved; followed by another on the same issue within 7 or
30 days, in the same channel or in any; itself a repeat; an article was used in it."""


class Contacted(Struct, array_like=True, gc=False):
    """An inbound contact, and where it stood."""

    contact_id: str
    issue: str
    at_ms: int
    dims: list[str | None]
    flags: int = 0
    agent: str | None = None


class Asked(Struct, array_like=True, gc=False):
    """A case in which the customer waits: since when, and since when for a meaningful answer."""

    case_id: str
    asked_ms: int
    opened_ms: int


class Tried(Struct, array_like=True, gc=False):
    """An attempt at self-service that was not handed over to anybody."""

    at_ms: int
    dims: list[str | None]


class Scored(Struct, array_like=True, gc=False):
    """The last answer to a survey of one kind: about what, and how it was, in thousandths."""

    about: str
    at_ms: int
    score: int


class CustomerMemory(Struct, array_like=True, gc=False):
    """The crowd's slice of a journey."""

    contacts: list[Contacted] = field(default_factory=list)
    cases: list[Asked] = field(default_factory=list)
    tries: list[Tried] = field(default_factory=list)
    csat: Scored | None = None
    ces: Scored | None = None

    def joined(self, other: "CustomerMemory") -> "CustomerMemory":
        """Both of two customers who turn out to be one, within the same bounds."""
        contacts = sorted([*self.contacts, *other.contacts], key=lambda c: (c.at_ms, c.contact_id))
        self.contacts = []
        for contact in contacts:
            self.keep(contact)
        cases = sorted([*self.cases, *other.cases], key=lambda c: (c.opened_ms, c.case_id))
        self.cases = cases[-CASES_MAX:]
        tries = sorted([*self.tries, *other.tries], key=lambda t: t.at_ms)
        self.tries = tries[-TRIES_MAX:]
        for kind in ("csat", "ces"):
            scores = [s for s in (getattr(self, kind), getattr(other, kind)) if s is not None]
            latest = max(scores, key=lambda s: (s.at_ms, s.about), default=None)
            setattr(self, kind, latest)
        return self

    def contact(self, contact_id: str | None) -> Contacted | None:
        """The contact of that id, newest first."""
        for contact in reversed(self.contacts):
            if contact.contact_id == contact_id:
                return contact
        return None

    def case(self, case_id: str | None) -> Asked | None:
        """The case of that id."""
        for case in self.cases:
            if case.case_id == case_id:
                return case
        return None

    def keep(self, contact: Contacted) -> None:
        """Remember a contact; the oldest repeat goes first, then the oldest of all."""
        contacts = self.contacts
        contacts.append(contact)
        if len(contacts) > CONTACTS_MAX:
            repeats = [c for c in contacts[:-1] if c.flags & REPEAT]
            contacts.remove((repeats or contacts)[0])


SLICE = {KIND: CustomerMemory}
"""How a journey's codec is told of it."""
