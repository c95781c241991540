"""May we, for this purpose, now? Asked before anybody reaches out to a customer.

Only a grant that is still valid allows. A purpose never spoken of is not allowed: consent is given,
not assumed. What is kept of it, and which word stands: ``streams.engine.remember.consents``.
"""

from streams.engine.journey import Journey


def standing(journey: Journey, purpose: str, at_ms: int) -> str:
    """The customer's standing word on a purpose at an instant.

    Args:
        journey: the customer's.
        purpose: as ``consent.changed`` names it, e.g. ``service`` or ``marketing``.
        at_ms: epoch milliseconds.

    Returns:
        ``granted``, ``denied``, ``revoked``, ``expired`` (granted, but no longer) or ``unknown``.
    """
    for consent in journey.consents:
        if consent.purpose == purpose:
            if consent.status == "granted" and 0 < consent.until_ms <= at_ms:
                return "expired"
            return consent.status
    return "unknown"


def allows(journey: Journey, purpose: str, at_ms: int) -> bool:
    """Whether the customer has consented to a purpose, and the consent is valid at that instant."""
    return standing(journey, purpose, at_ms) == "granted"
