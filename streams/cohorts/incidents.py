"""One incident, many members: while a cause stands out, alerts of the same cause page nobody else.

The second stage tells every partition of the touchpoints topic, in a record of ours, which cohort
has an incident, and when it is over. From that record on, in the order of the partition's log, an
alert about an issue of that reason or product is said as suppressed (``inhibited_by``), with the
incident's id, and stays in the record. How far that reaches stands in decision 0007.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from streams.cohorts.dimensions import about, named
from streams.engine.alert import Alert
from streams.engine.heard import Heard
from streams.engine.journey import Journey
from streams.engine.said import Said
from streams.engine.units import DAY_MS

INCIDENTS_MAX = 32
"""Incidents one partition knows of; the oldest are forgotten first."""
LASTS_MS = 7 * DAY_MS
"""An incident whose end nobody told is over after so long."""
PAGES_ALL_THE_SAME = 5
"""Alerts of that severity are told whatever explains them."""
KINDS = ("reason", "product")
"""Cohorts whose members share a cause. A stage is none: it would silence a tenth of everybody."""

Incidents = dict[str, tuple[str, int]]
"""By cohort: the incident's alert id, and when it began, epoch milliseconds."""


def told(known: Incidents, record: Any) -> Incidents:
    """What is known after one of our records about an incident; a new dict.

    Args:
        known: so far.
        record: ``streams.wire.internal.Incident``.
    """
    kept = {cohort: one for cohort, one in known.items() if cohort != record.customer_id}
    if not record.over:
        kept[record.customer_id] = (record.alert_id, record.occurred_at)
    for cohort in list(kept)[: max(0, len(kept) - INCIDENTS_MAX)]:
        del kept[cohort]
    return kept


def lasting(known: Incidents, watermark_ms: int) -> Incidents:
    """Those that are not over by themselves."""
    if not known:
        return known
    return {c: one for c, one in known.items() if watermark_ms < one[1] + LASTS_MS}


def inhibit(
    said: Iterable[Said], journey: Journey, heard: Heard | None, known: Mapping[str, tuple]
) -> None:
    """Say alerts that an incident explains as suppressed; their episodes know it too.

    Args:
        said: of one touchpoint or timer.
        journey: the customer's.
        heard: the touchpoint; None for a timer.
        known: incidents in this partition.
    """
    for alert in said:
        if alert.__class__ is not Alert or alert.action not in ("trigger", "update"):
            continue
        if alert.severity >= PAGES_ALL_THE_SAME:
            continue
        episode = journey.episode(alert.kind, alert.object)
        if episode is None:
            continue
        incident = _explains(episode.issue, journey, heard, known)
        if incident is not None:
            episode.suppressed = alert.suppressed = "inhibited_by"
            alert.action, alert.state, alert.incident = "suppress", "suppressed", incident


def _explains(
    key: str | None, journey: Journey, heard: Heard | None, known: Mapping[str, tuple]
) -> str | None:
    touchpoint = None if heard is None else heard.touchpoint
    issue = None if key is None else journey.issue(key)
    if heard is not None and key is not None and (heard.issue is None or heard.issue.key != key):
        touchpoint = None  # it is about something else than what was heard
    product, reason = about(touchpoint, issue)
    for dimension, value in (("reason", reason), ("product", product)):
        if value and (found := known.get(named(dimension, value))):
            incident: str = found[0]
            return incident
    return None
