"""Every judgement call the engine makes, as plain frozen values with units in their names.

``streams.policy`` validates a TOML file into these; the engine never reads a file. Defaults are
the catalogue's (sections 4-6); a detector's own thresholds stand in the detector's file.
"""

from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Ge, Gt, Le, Len

from streams.engine.calendars import BUILT_IN, Calendar
from streams.engine.outreach_rules import OutreachRules, Zones

# Bounded above as well: TOML knows ``inf``, and no arithmetic here does.
Positive = Annotated[float, Gt(0), Le(1e12)]
NotNegative = Annotated[float, Ge(0), Le(1e12)]
Points = Annotated[float, Ge(0), Le(1000)]
Count = Annotated[int, Ge(1), Le(100_000)]
Severity = Annotated[int, Ge(1), Le(5)]
Share = Annotated[float, Ge(0), Le(1)]
Off = Annotated[float, Ge(0), Le(100)]


@dataclass(frozen=True)
class EffortPoints:
    """Points per component of the Journey Effort Index (catalogue section 5)."""

    first_contact: Points = 2
    repeat_contact_short: Points = 8
    repeat_contact_long: Points = 5
    transfer_warm: Points = 3
    transfer_tepid: Points = 4
    transfer_cold: Points = 6
    queue_revisited: Points = 4
    information_repeated: Points = 4
    answered_without_context: Points = 4
    channel_switch: Points = 5
    self_service_failed: Points = 4
    ivr_minute: Points = 0.25
    ivr_max: Points = 10
    wait_minute: Points = 0.2
    wait_max: Points = 10
    wait_over_quote: Points = 4
    abandoned: Points = 5
    case_reopened: Points = 8
    escalation_requested: Points = 6
    extra_step: Points = 1
    step_retry: Points = 2
    onboarding_step_failed: Points = 3
    onboarding_assistance: Points = 2
    payment_retry: Points = 3
    dispute_opened: Points = 6
    dispute_second_contact: Points = 5
    promise_broken: Points = 8


@dataclass(frozen=True)
class EffortRules:
    """How points become an index.

    Args:
        half_life_d: days after which a point counts half.
        k: scale of the saturation, JEI = 100 * (1 - exp(-E / k)).
        free_min: minutes of IVR or waiting that cost nothing.
        quote_ratio: actual wait over quoted wait from which it counts as broken.
        repeat_short_d: days within which a repeat contact costs the short-window points.
        repeat_long_d: days within which it costs the long-window points.
        self_service_h: hours in which an assisted contact follows a failed self-service attempt.
        context_d: days in which an earlier contact makes a missing context the customer's effort.
        reconnect_min: minutes after a dropped contact in which a new one is the same contact.
        segments: by segment the points that hold for its customers instead of ``points``.
    """

    half_life_d: Positive = 14
    k: Positive = 30
    free_min: NotNegative = 2
    quote_ratio: Annotated[float, Ge(1), Le(1e6)] = 1.5
    repeat_short_d: Positive = 7
    repeat_long_d: Positive = 30
    self_service_h: Positive = 24
    context_d: Positive = 30
    reconnect_min: NotNegative = 10
    points: EffortPoints = field(default_factory=EffortPoints)
    segments: dict[str, EffortPoints] = field(default_factory=dict)

    def points_of(self, segment: str | None) -> EffortPoints:
        """The points that hold for a customer of that segment."""
        return self.segments.get(segment or "", self.points) if self.segments else self.points


@dataclass(frozen=True)
class TimeRules:
    """How event time advances (catalogue section 6).

    Args:
        lateness_s: how far behind the latest event time a touchpoint may arrive and be in time.
        lateness_by_source_s: the same for single sources, by their exact name.
        horizon_d: days behind the watermark past which a touchpoint goes to the late topic.
        future_s: seconds an event time may lie after its record timestamp.
        past_d: days a live event time may lie before its record timestamp.
        watched: sources without which no absence is believed (``streams.engine.sources``), by exact
            name; one that sends heartbeats is watched too.
        give_up_h: hours of silence of such a source after which timers fire without it.
    """

    lateness_s: Annotated[float, Ge(0), Le(86_400)] = 600
    lateness_by_source_s: dict[str, Annotated[float, Ge(0), Le(86_400)]] = field(
        default_factory=dict
    )
    horizon_d: Positive = 30
    future_s: NotNegative = 300
    past_d: Positive = 400
    watched: tuple[str, ...] = ()
    give_up_h: Positive = 12


@dataclass(frozen=True)
class LimitRules:
    """How much is kept of one customer; whatever is over is forgotten oldest first and counted.

    Args:
        seen_max: touchpoint identities remembered for duplicates.
        recent_max: touchpoints remembered as evidence.
        contacts_max: contact summaries.
        contact_times_max: instants of inbound contacts, for frequencies.
        issues_max: issues, open and closed.
        cases_max: cases.
        promises_max: open promises.
        episodes_max: episodes, open and resolved.
        top_contributions_max: largest effort contributions kept for explanation.
        path_max: queues remembered per contact or case.
        keep_d: days without activity after which what is resolved is forgotten; no window that
            looks at contacts reaches further back.
        keep_open_d: days without activity after which what is still open is forgotten too, and
            age of evidence that is no longer shown.
        alerts_per_day_max: alerts published per customer and day; more are suppressed (``cap``).
        live_journeys_max: decoded journeys kept per partition.
        value_bytes_max: largest touchpoint accepted, bytes, checked before parsing.
    """

    seen_max: Count = 48
    recent_max: Count = 24
    contacts_max: Count = 6
    contact_times_max: Count = 16
    issues_max: Count = 8
    cases_max: Count = 10
    promises_max: Count = 8
    episodes_max: Count = 16
    top_contributions_max: Count = 6
    path_max: Count = 12
    keep_d: Positive = 35
    keep_open_d: Positive = 120
    alerts_per_day_max: Count = 20
    live_journeys_max: Count = 100_000
    value_bytes_max: Count = 65_536


@dataclass(frozen=True)
class SeverityRules:
    """How context moves a detector's base severity and prices an alert (catalogue section 6).

    Args:
        renewal_d: days before the contract's end in which severity rises by one.
        tier_raised: tiers whose customers' severity rises by one.
        goodwill_contacts: good scored contacts that lower severity by one.
        goodwill_d: days in which they must fall, with no negative signal since.
        good_score: normalised score (0-1) from which an answer is good.
        value_scale_minor: annual contract value that scales priority, minor units.
        risk_factor: share of the value at stake that is at risk, by severity 1-5.
        reopen_d: days after resolving in which a finding reopens the same episode.
        dismissed_d: days after a dismissal in which only a rise in severity is told.
        snooze_d: days that a snooze without an end lasts.
        moment_d: days in which a moment of truth that was mishandled and is not closed raises
            severity by one; what the renewal window raised it does not raise again.
    """

    renewal_d: Positive = 90
    tier_raised: tuple[str, ...] = ("1",)
    goodwill_contacts: Count = 3
    goodwill_d: Positive = 90
    good_score: Annotated[float, Ge(0), Le(1)] = 0.8
    value_scale_minor: Positive = 1_000_000
    risk_factor: Annotated[tuple[Annotated[float, Ge(0), Le(1)], ...], Len(5, 5)] = (
        0.0,
        0.02,
        0.05,
        0.15,
        0.3,
    )
    reopen_d: Positive = 7
    moment_d: Positive = 30
    dismissed_d: Positive = 30
    snooze_d: Positive = 7


@dataclass(frozen=True)
class ScoreRules:
    """How the four component scores are computed, points of 100 (``streams.engine.scores``).

    Args:
        worst_share: weight of the worst of the last five against their mean.
        reach_d: days back to which ratings count.
        confidence: how sure a model of sentiment must be, 0 to 1, for its word to count.
        repeat_points: off an issue's outcome, for each contact after the first.
        reopen_points: off it for each reopening, and for each claim of resolution that fell.
        open_day_points: off it for each day an issue has been open.
        open_max_points: at most so many for being open.
        transfer_points, cold_points, revisit_points: off a contact for each transfer; on top for
            each that was cold; on top for each back to a queue already visited.
        information_points: off it for each question already answered.
        abandoned_points: off it when the customer gave up or was cut off.
        segment_means: by segment and kind of rating (``csat``, ``ces``, ``nps``,
            ``nps_relationship``, ``qa``, ``review``, ``sentiment``) the usual one, 0 to 1 with 1
            best. A table, because a journey never sees other customers.
    """

    worst_share: Share = 0.5
    reach_d: Positive = 180
    confidence: Share = 0.8
    repeat_points: Off = 20
    reopen_points: Off = 25
    open_day_points: Off = 5
    open_max_points: Off = 50
    transfer_points: Off = 10
    cold_points: Off = 15
    revisit_points: Off = 15
    information_points: Off = 10
    abandoned_points: Off = 50
    segment_means: dict[str, dict[str, Share]] = field(default_factory=dict)


@dataclass(frozen=True)
class SnapshotRules:
    """When a customer's public snapshot is published anew (``streams.wire.snapshot``).

    Args:
        enabled: whether there are snapshots at all.
        every_s: a touchpoint so many seconds of event time after the last snapshot brings one,
            whatever it is; so do an alert, a new stage and those in ``upon`` at once.
        upon: types of touchpoints that bring one at once: an agent who answers gets the whole
            journey.
    """

    enabled: bool = True
    every_s: Annotated[float, Ge(0), Le(31_536_000)] = 3600
    upon: tuple[str, ...] = ("contact.answered", "case.resolved")


@dataclass(frozen=True)
class PromiseRules:
    """When a promise counts as broken: due time plus grace.

    Args:
        grace_callback_min: minutes of grace for a callback.
        grace_other_h: hours of grace for everything else.
        changes_max: changes after which the promise counts as broken whatever its date.
    """

    grace_callback_min: NotNegative = 15
    grace_other_h: NotNegative = 24
    changes_max: Count = 2


@dataclass(frozen=True)
class Rules:
    """All of the above plus who answers for which cause; ``label`` names the policy on alerts.

    Args:
        label: policy version and digest, on every alert.
        owners: owner team by kind of alert or by cause class; the kind comes first.
        calendars: business calendars by name; the built-in ones are always among them.
        outreach: when a customer may be reached out to.
        zones: time zones of customers by IANA name; ``streams.policy`` gives all there are.
    """

    label: str = "default"
    effort: EffortRules = field(default_factory=EffortRules)
    time: TimeRules = field(default_factory=TimeRules)
    limits: LimitRules = field(default_factory=LimitRules)
    severity: SeverityRules = field(default_factory=SeverityRules)
    promises: PromiseRules = field(default_factory=PromiseRules)
    owners: dict[str, str] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=lambda: dict(BUILT_IN))
    scores: ScoreRules = field(default_factory=ScoreRules)
    snapshots: SnapshotRules = field(default_factory=SnapshotRules)
    outreach: OutreachRules = field(default_factory=OutreachRules)
    zones: Zones = field(default_factory=dict)

    def owner(self, kind: str, cause: str) -> str:
        """The team that answers for alerts of a kind, with a cause class."""
        return self.owners.get(kind) or self.owners.get(cause, "customer_experience")
