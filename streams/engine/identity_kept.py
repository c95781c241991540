"""What is kept of who a customer is: ids that became one, and what each purpose was allowed.

The rules of ``streams.engine.journey`` hold here too.
"""

from msgspec import Struct


class Consent(Struct, array_like=True, gc=False):
    """The customer's last word on one purpose; ``until_ms`` 0 means until they say otherwise."""

    purpose: str
    status: str
    at_ms: int
    until_ms: int = 0


class Absorbed(Struct, array_like=True, gc=False):
    """A customer id whose journey joined this one; ``by`` is the hash of the merge that said so."""

    customer_id: str
    by: int


class Alias(Struct, array_like=True, gc=False):
    """What is kept under an id whose journey has joined another's. It has no timers.

    ``into`` is the id it joined, ``by`` the hash of the merge that said so.
    """

    into: str
    by: int
    at_ms: int

    @property
    def next_due_ms(self) -> int:
        """An alias waits for nothing."""
        return 0

    @property
    def n(self) -> int:
        """An alias takes nothing in."""
        return 0
