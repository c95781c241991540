"""What became of a customer after outreach was offered, or was withheld to compare (CL2).

Watched is who took part in the draw, from the moment the guard would have let the candidate leave,
in both arms alike: so that they differ by the lot and by nothing else. One customer is watched once
at a time per detector. Closed observations are said; contacts that are heard of only after the
seventh day are not in them.
"""

from collections.abc import Iterator

from streams.engine import effort
from streams.engine.heard import Heard
from streams.engine.journey import Episode, Journey
from streams.engine.outreach_kept import (
    FOLLOWED_MAX,
    HORIZONS,
    Followed,
    Held,
    Outreach,
    observed_ms,
)
from streams.engine.rules import Rules
from streams.engine.said import Observation, Said, Tally
from streams.engine.units import DAY_MS

CONTACT_D = HORIZONS[0][0]
ARMS = {True: "hold_out", False: "treat"}
CLASSES = {True: "service_notice", False: "persuasion"}


def begin(
    journey: Journey,
    held: Held,
    episode: Episode,
    family: str,
    hold_out: bool,
    now_ms: int,
    rules: Rules,
) -> Iterator[Said]:
    """Watch a customer from now on.

    Args:
        journey: the customer's, with outreach kept.
        held: the candidate that would leave.
        episode: its alert's.
        family: of its detector.
        hold_out: whether it is withheld.
        now_ms: the customer's latest event time.
        rules: the policy's judgement calls.
    """
    followed = journey.outreach.followed
    if any(one.kind == held.kind for one in followed):
        return
    if len(followed) >= FOLLOWED_MAX:
        yield Tally("outreach.not_observed")
        return
    before = _jei(journey, now_ms, rules)
    followed.append(
        Followed(
            held.alert_id,
            family,
            held.kind,
            held.notice,
            hold_out,
            now_ms,
            round(before, 1),
            episode.issue,
        )
    )


def note(heard: Heard, kept: Outreach) -> None:
    """What a touchpoint says about those watched: another contact on the issue, a leaving."""
    left = heard.type == "customer.churned" or (
        heard.type == "renewal.decided" and heard.touchpoint.outcome == "lost"
    )
    for one in kept.followed:
        if heard.at_ms <= one.started_ms:
            continue
        if heard.new_contact and heard.at_ms <= one.started_ms + CONTACT_D * DAY_MS:
            about = heard.journey.issue(one.issue)
            one.contacted = one.contacted or about is None or about is heard.issue
        one.churned = one.churned or left


def close(journey: Journey, now_ms: int, rules: Rules) -> Iterator[Said]:
    """Say what can be told by now, each as of its own day, and watch no longer who is through."""
    kept = journey.outreach
    for one in kept.followed:
        while one.step < len(HORIZONS) and observed_ms(one) <= now_ms:
            yield _observation(journey, one, rules)
            one.step += 1
    kept.followed = [one for one in kept.followed if one.step < len(HORIZONS)]


def _observation(journey: Journey, one: Followed, rules: Rules) -> Observation:
    days, measure = HORIZONS[one.step]
    value = {
        "repeat_contact": float(one.contacted),
        "jei": _jei(journey, observed_ms(one), rules),
        "churn": float(one.churned),
    }[measure]
    return Observation(
        alert_id=one.alert_id,
        family=one.family,
        kind=one.kind,
        outreach_class=CLASSES[one.notice],
        arm=ARMS[one.hold_out],
        measure=measure,
        horizon_d=days,
        value=value,
        jei_before=one.jei_before,
        started_ms=one.started_ms,
        at_ms=observed_ms(one),
        policy=rules.label,
    )


def _jei(journey: Journey, at_ms: int, rules: Rules) -> float:
    return effort.index(effort.effort_at(journey.effort, at_ms), rules.effort)
