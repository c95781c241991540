"""Amounts of money as a person reads them: minor units and an ISO 4217 code give ``54.00 EUR``."""

_NO_MINOR_UNIT = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def told(amount_minor: int, currency: str | None) -> str:
    """``54.00 EUR``, ``540 JPY``, ``5.400 KWD``; without a currency hundredths are assumed.

    Args:
        amount_minor: minor units of the currency, an integer.
        currency: ISO 4217 code, or None if unknown.
    """
    places = 0 if currency in _NO_MINOR_UNIT else 3 if currency in _THOUSANDTHS else 2
    sign, digits = ("-" if amount_minor < 0 else ""), str(abs(amount_minor)).zfill(places + 1)
    amount = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"{sign}{amount} {currency}" if currency else f"{sign}{amount}"
