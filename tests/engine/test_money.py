"""Amounts as a person reads them."""

import pytest

from streams.engine import money


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (5400, "EUR", "54.00 EUR"),
        (5, "USD", "0.05 USD"),
        (-1250, "EUR", "-12.50 EUR"),
        (5400, "JPY", "5400 JPY"),
        (5400, "KWD", "5.400 KWD"),
        (0, "EUR", "0.00 EUR"),
        (5400, None, "54.00"),
    ],
)
def test_each_currency_has_its_own_minor_unit(amount_minor, currency, text):
    """A yen has no cents and a dinar has a thousand fils."""
    assert money.told(amount_minor, currency) == text
