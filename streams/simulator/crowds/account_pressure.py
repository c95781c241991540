"""Two people of one account in trouble in the same fortnight.

Near miss: with sixteen days between them. Look-alike: two people of two accounts.
"""

from streams.simulator.crowds._many import Many

DAYS = 20
NEARLY = {"days": 20.0}


def _two(many: Many, apart_d: float, other: str = "acme") -> None:
    for customer, account, days in (("p-1", "acme", 1.0), ("p-2", other, 1.0 + apart_d)):
        many.call(customer, many.at(days=days), csat=1, account_id=account)
    many.begins_ms = many.at(days=1.0 + apart_d)


def positive(many: Many) -> None:
    """Three days apart."""
    _two(many, 3)


def near_miss(many: Many) -> None:
    """Sixteen days apart."""
    _two(many, 16)


def look_alike(many: Many) -> None:
    """Three days apart, and strangers."""
    _two(many, 3, other="globex")
