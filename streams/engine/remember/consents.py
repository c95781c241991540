"""What the customer consented to: the newest word per purpose, by event time.

At the same instant a refusal beats a grant, whichever is heard first. Bounded: over
``CONSENTS_MAX`` purposes the one spoken of longest ago is forgotten, first among those that are not
granted. Nothing known means not allowed, so forgetting can never allow.
"""

from streams.engine.heard import Heard
from streams.engine.identity_kept import Consent
from streams.engine.rules import Rules

CONSENTS_MAX = 16
"""Purposes remembered per customer."""


def changed(heard: Heard, rules: Rules) -> None:
    """``consent.changed``: the newer word on a purpose stands."""
    touchpoint = heard.touchpoint
    said = Consent(touchpoint.purpose, touchpoint.status, heard.at_ms, touchpoint.valid_until or 0)
    keep(heard.journey.consents, said)


def keep(consents: list[Consent], said: Consent) -> None:
    """Take in one word, in place: it may be older than what is known."""
    for number, known in enumerate(consents):
        if known.purpose == said.purpose:
            if _rank(said) > _rank(known):
                consents[number] = said
            return
    consents.append(said)
    if len(consents) > CONSENTS_MAX:
        consents.remove(min(consents, key=_worth))


def _rank(consent: Consent) -> tuple[int, bool, int, str]:
    """Which of two words on one purpose stands: the newer; then the refusal; then the shorter."""
    refused = consent.status != "granted"
    return (consent.at_ms, refused, -(consent.until_ms or 1 << 62), consent.status)


def _worth(consent: Consent) -> tuple[bool, int, str]:
    return (consent.status == "granted", consent.at_ms, consent.purpose)
