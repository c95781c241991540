"""What the sums of a cohort mean: the service and the experience family, side by side."""

from functools import cache, lru_cache
from math import sqrt
from typing import Any

import msgspec

from streams.cohorts.cell import EDGES_S, Cell
from streams.cohorts.dimensions import dimensions_of
from streams.cohorts.facts_beside import LEFT
from streams.cohorts.rules import CohortRules
from streams.wire.alert import instant

TOPIC = "metrics.v1"
LEFT_MAX = 12
"""Reasons for leaving told of one window."""
_encode = msgspec.json.Encoder().encode


def share(part: float, whole: float) -> float | None:
    """A share, or None where there is nothing to have a share of."""
    return part / whole if whole else None


def quantile_s(cell: Cell, name: str, q: float) -> float | None:
    """A quantile of response times, seconds; linear within its bin."""
    n = cell[name]
    if not n:
        return None
    below, of = 0, cell.counts.get
    for number, code in enumerate(_bins(name)):
        here = of(code, 0)
        if here and below + here >= q * n:
            low = EDGES_S[number - 1] if number else 0
            high = EDGES_S[number] if number < len(EDGES_S) else low
            return low + (high - low) * (q * n - below) / here
        below += here
    return None


@cache
def _bins(name: str) -> tuple[str, ...]:
    return tuple(f"{name}.{number}" for number in range(len(EDGES_S) + 1))


def jei_quantile(cell: Cell, q: float) -> float | None:
    """A quantile of the Journey Effort Index at contacts, exact to one point (nearest rank)."""
    return _nearest(_jei(cell), q)


def _nearest(counts: dict[int, int], q: float) -> float | None:
    n = sum(counts.values())
    below = 0
    for value in sorted(counts):
        below += counts[value]
        if below >= q * n:
            return float(value)
    return None


def _jei(cell: Cell) -> dict[int, int]:
    """Contacts by the Journey Effort Index they came with, 0 to 100."""
    counts = cell.counts.items()
    return {int(code[4:]): count for code, count in counts if code.startswith("jei.")}


def csat(cell: Cell) -> float | None:
    """Mean CSAT on 1 to 5."""
    return share(cell["csat_m"] / 1000, cell["csat"])


def csat_deviation(cell: Cell) -> float | None:
    """Standard deviation of CSAT (of the answers themselves) on 1 to 5."""
    n = cell["csat"]
    if not n:
        return None
    mean = cell["csat_m"] / n
    return sqrt(max(0.0, cell["csat_sq"] / n - mean * mean)) / 1000


def first_contacts(cell: Cell) -> int:
    """First contacts on an issue that somebody took."""
    return cell["first"] - cell["first_gone"]


def fcr_claimed(cell: Cell) -> float | None:
    """Share of first contacts after which an agent said that it was resolved."""
    return share(cell["first_claimed"], first_contacts(cell))


def fcr(cell: Cell, days: int, anywhere: bool = False) -> float | None:
    """Share of first contacts without another on the issue within so many days.

    Args:
        cell: sums.
        days: 7 or 30.
        anywhere: another in any channel counts (one-contact resolution), not only the same.
    """
    again = cell[f"again_any_{days}" if anywhere else f"again_{days}"]
    return None if not first_contacts(cell) else 1 - again / first_contacts(cell)


def service(cell: Cell) -> tuple[dict[str, float | None], int]:
    """What operations did, known while it happens; and on how many contacts it rests."""
    of = cell.counts.get
    offered = of("answered", 0) + of("abandoned", 0)
    return {
        "contacts": of("contacts", 0),
        "response_mean_s": share(of("response_ms", 0) / 1000, of("response", 0)),
        "response_median_s": quantile_s(cell, "response", 0.5),
        "response_p90_s": quantile_s(cell, "response", 0.9),
        "meaningful_response_mean_s": share(of("meaningful_ms", 0) / 1000, of("meaningful", 0)),
        "meaningful_response_median_s": quantile_s(cell, "meaningful", 0.5),
        "responses": of("response", 0),
        "abandonment_share": share(of("abandoned", 0), offered),
        "handle_mean_s": share(of("handle_ms", 0) / 1000, of("handled", 0)),
        "transfers_per_contact": share(of("transfers", 0), of("contacts", 0)),
        "sla_share": share(of("sla_met", 0), of("sla", 0)),
        **_with_knowledge(cell),
        "reopened": of("reopened", 0),
        "credits": of("credits", 0),
    }, max(of("contacts", 0), offered, of("response", 0))


def _with_knowledge(cell: Cell) -> dict[str, float | None]:
    """Handling time of contacts in which an article was used, beside that of the others."""
    known, n = cell["handle_known_ms"] / 1000, cell["handled_known"]
    if not cell["knowledge"]:
        return {}
    return {
        "knowledge_used": cell["knowledge"],
        "handle_with_knowledge_mean_s": share(known, n),
        "handle_without_knowledge_mean_s": share(
            cell["handle_ms"] / 1000 - known, cell["handled"] - n
        ),
    }


def _left(cell: Cell) -> dict[str, float | None]:
    """The reasons customers gave for leaving, the commonest."""
    said = [code for code in cell.counts if code.startswith(LEFT)]
    if not said:
        return {}
    commonest = sorted(said, key=lambda code: (-cell.counts[code], code))[:LEFT_MAX]
    return {f"left_because.{code[len(LEFT) :]}"[:64]: cell.counts[code] for code in commonest}


def service_after(cell: Cell) -> tuple[dict[str, float | None], int]:
    """What became of contacts and attempts of the window; on how many it rests."""
    return {
        "fcr_claimed": fcr_claimed(cell),
        "fcr_7d": fcr(cell, 7),
        "fcr_30d": fcr(cell, 30),
        "one_contact_resolution_7d": fcr(cell, 7, anywhere=True),
        "one_contact_resolution_30d": fcr(cell, 30, anywhere=True),
        "first_contacts": first_contacts(cell),
        "containment_reported": share(cell["contained"], cell["attempts"]),
        "containment_true": share(cell["contained"] - cell["contained_not"], cell["attempts"]),
        "attempts": cell["attempts"],
    }, max(first_contacts(cell), cell["attempts"])


def experience(cell: Cell) -> tuple[dict[str, float | None], int]:
    """What customers lived through and said of it; on how many answers and contacts it rests."""
    of = cell.counts.get
    jei = _jei(cell)
    high = sum(count for value, count in jei.items() if value >= 60)
    return {
        "csat_mean": csat(cell),
        "csat_share": share(of("csat_good", 0), of("csat", 0)),
        "dsat_share": share(of("csat_bad", 0), of("csat", 0)),
        "csat_deviation": csat_deviation(cell),
        "csat_answers": of("csat", 0),
        "ces_mean": share(of("ces_m", 0) / 1000, of("ces", 0)),
        "ces_hard_share": share(of("ces_hard", 0), of("ces", 0)),
        "ces_answers": of("ces", 0),
        "nps": share(100 * (of("promoters", 0) - of("detractors", 0)), of("nps", 0)),
        "nps_answers": of("nps", 0),
        "jei_median": _nearest(jei, 0.5),
        "jei_p90": _nearest(jei, 0.9),
        "jei_high_share": share(high, of("contacts", 0)),
        "effort_points": of("effort_m", 0) / 1000,
        "repeat_share": share(of("repeats", 0), of("contacts", 0)),
        "avoidable_share": share(of("avoidable", 0), of("contacts", 0)),
        "engagements": of("engaged", 0) or None,
        "trials_started": of("trials", 0) or None,
        "trials_converted_share": share(of("trials_converted", 0), of("trials_ended", 0)),
        "stumbles": of("stumbles", 0) or None,
        **_left(cell),
        "churned": of("churned", 0),
        "cancel_requests": of("cancels", 0),
        "customers": cell.distinct,
    }, max(of("csat", 0), of("ces", 0), of("nps", 0), of("contacts", 0), cell.distinct)


def gaps(values: dict[str, float | None], rules: CohortRules) -> dict[str, float | None]:
    """Standard minus measured, for what the policy has a standard of."""
    standards = {
        "response_mean_s": ("response_gap_s", rules.response_s),
        "sla_share": ("sla_gap", rules.sla),
        "fcr_7d": ("fcr_7d_gap", rules.fcr),
        "containment_true": ("containment_gap", rules.containment),
    }
    return {
        name: standard - value
        for key, (name, standard) in standards.items()
        if (value := values.get(key)) is not None
    }


FAMILIES: dict[tuple[str, str], Any] = {
    ("service", "during"): service,
    ("service", "after"): service_after,
    ("experience", "during"): experience,
}


_dimensions = lru_cache(maxsize=20_000)(dimensions_of)
"""For encoding: what it gives must not be changed."""


def record(
    cohort: str,
    span_ms: tuple[int, int],
    family: tuple[str, str],
    cell: Cell,
    revision: int,
    watermark_ms: int,
    rules: CohortRules,
    policy: str,
) -> bytes | None:
    """A metric record as ``schemas.metrics`` promises it; None where there is nothing to say.

    Args:
        cohort: its name.
        span_ms: start and end of the window, epoch milliseconds.
        family: service or experience, and during or after.
        cell: the sums.
        revision: 1, and one more each time it is said again.
        watermark_ms: event time up to which everything heard is in it.
        rules: the standards.
        policy: label of the policy in force.
    """
    values, n = FAMILIES[family](cell)
    if not n:
        return None
    if family[0] == "service":
        values |= gaps(values, rules)
    return _encode(
        {
            "cohort_id": cohort,
            "dimensions": _dimensions(cohort),
            "window_start": instant(span_ms[0]),
            "window_end": instant(span_ms[1]),
            "family": family[0],
            "phase": family[1],
            "values": {k: round(v, 4) for k, v in values.items() if v is not None},
            "n": n,
            "revision": revision,
            "watermark": instant(watermark_ms),
            "policy_version": policy,
        }
    )
