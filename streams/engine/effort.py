"""The Journey Effort Index (JEI): effort computed from behaviour, 0-100.

E(t) = sum of points * 0.5^((t - at) / half-life), JEI = 100 * (1 - exp(-E / k)): catalogue
section 5. Points are kept normalised (see ``streams.engine.journey``), so the index at any instant
needs neither the history nor the order of arrival. They are rebased when the policy's half-life is
another one, and before the powers of two grow out of a float (a customer first heard of in history,
or for decades). JEI is not a survey score: CES is.
"""

from math import exp, log, log2

from streams.engine.heard import Heard
from streams.engine.journey import Contribution, Effort, Issue, Journey
from streams.engine.rules import EffortRules
from streams.engine.units import DAY_MS

REBASE_HALF_LIVES = 64
"""Half-lives after which what came before weighs less than a float can tell."""


def half_life_ms(rules: EffortRules) -> float:
    """The half-life of effort in milliseconds."""
    return float(rules.half_life_d * DAY_MS)


def add(heard: Heard, rules: EffortRules, component: str, points: float, top_max: int) -> None:
    """Add effort to the customer and, if known, to the issue the touchpoint belongs to.

    Args:
        heard: the touchpoint; its event time dates the points.
        rules: half-life and scale.
        component: name of the component, a field of ``EffortPoints`` or a sum of such fields.
        points: undecayed points, already weighted by the policy.
        top_max: how many contributions are kept for explanation.
    """
    if points <= 0:
        return
    # A journey must encode alike before and after it was read back, where this is a float.
    points = float(points)
    effort = heard.journey.effort
    if effort.half_life_ms == 0.0:
        effort.base_ms = heard.at_ms
        effort.half_life_ms = half_life_ms(rules)
    rebase(heard.journey, heard.now_ms, rules)
    normalised = points * 2.0 ** ((heard.at_ms - effort.base_ms) / effort.half_life_ms)
    effort.parts[component] = effort.parts.get(component, 0.0) + normalised
    if heard.issue is not None:
        heard.issue.effort += normalised
    if heard.mark is not None:
        heard.mark.points += points
        number = heard.note()
    else:
        number = heard.promise.marks[0] if heard.promise and heard.promise.marks else 0
    if heard.points is None:
        heard.points = {}
    heard.points[component] = heard.points.get(component, 0.0) + points
    effort.top.append(Contribution(number, component, points, heard.at_ms))
    if len(effort.top) > top_max:
        _forget_smallest(effort)


def _forget_smallest(effort: Effort) -> None:
    # All contributions decay alike, so the smallest now stays the smallest: nothing needed later
    # is dropped. Ties go to the older one.
    weights = [
        c.points * 2.0 ** ((c.at_ms - effort.base_ms) / effort.half_life_ms) for c in effort.top
    ]
    effort.top.pop(weights.index(min(weights)))


def effort_at(effort: Effort, at_ms: int) -> float:
    """E, the decayed sum of points, at an instant."""
    if not effort.parts:
        return 0.0
    return sum(effort.parts.values()) * _decay(effort, at_ms)


def issue_effort_at(effort: Effort, issue: Issue, at_ms: int) -> float:
    """E of one issue alone, at an instant."""
    return issue.effort * _decay(effort, at_ms) if issue.effort else 0.0


def parts_at(effort: Effort, at_ms: int) -> dict[str, float]:
    """Decayed points by component at an instant, largest first."""
    scale = _decay(effort, at_ms) if effort.parts else 0.0
    parts = sorted(effort.parts.items(), key=lambda part: (-part[1], part[0]))
    return {name: value * scale for name, value in parts}


def index(effort_points: float, rules: EffortRules) -> float:
    """JEI of a decayed sum of points: 100 * (1 - exp(-E / k))."""
    return 100.0 * (1.0 - exp(-effort_points / rules.k))


def points_of(jei: float, rules: EffortRules) -> float:
    """E at which the index has that value (the inverse of ``index``), for 0 <= jei < 100."""
    return -rules.k * log(1.0 - jei / 100.0)


def falls_to_ms(effort: Effort, at_ms: int, points: float, issue: Issue | None = None) -> int:
    """The first millisecond at which E (of that issue alone) will be ``points`` (> 0)."""
    current = effort_at(effort, at_ms) if issue is None else issue_effort_at(effort, issue, at_ms)
    if current <= points:
        return at_ms
    return at_ms + int(effort.half_life_ms * log2(current / points)) + 1


def _decay(effort: Effort, at_ms: int) -> float:
    return 2.0 ** (-(at_ms - effort.base_ms) / effort.half_life_ms)


def rebase(journey: Journey, at_ms: int, rules: EffortRules) -> None:
    """Carry effort over to another base, where the half-life or the distance demands it.

    The value at ``at_ms`` is kept; from there on it decays with the policy's half-life.
    """
    effort, new_half_life_ms = journey.effort, half_life_ms(rules)
    half_lives = (at_ms - effort.base_ms) / effort.half_life_ms
    if effort.half_life_ms == new_half_life_ms and half_lives <= REBASE_HALF_LIVES:
        return
    factor = _decay(effort, at_ms)
    effort.parts = {name: value * factor for name, value in effort.parts.items()}
    for issue in journey.issues:
        issue.effort *= factor
    effort.base_ms = at_ms
    effort.half_life_ms = new_half_life_ms
