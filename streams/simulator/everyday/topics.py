"""What people ask about."""

from random import Random

_TOPICS = (
    ("account", "password"),
    ("account", "address_change"),
    ("account", "data_export"),
    ("billing", "due_date"),
    ("billing", "invoice_copy"),
    ("order", "where_is_it"),
    ("order", "return"),
    ("plan", "options"),
    ("plan", "roaming"),
    ("product", "export"),
    ("product", "settings"),
    ("technical", "app_update"),
    ("technical", "router"),
    ("technical", "sync"),
)


def topic(rng: Random) -> tuple[str, str]:
    """One of them, as the two levels of a reason."""
    return _TOPICS[int(rng.random() * len(_TOPICS))]
