"""The four component scores of a journey, each 0 (worst) to 100 (best) (S4-08 to S4-14).

The catalogue names what each is about; the formulas are ours, every number in them the policy's
(``ScoreRules``). None is a plain average: one poor experience outweighs three good ones (S4-14), so
what a score is made of is put together by ``worst_weighted``, which DC7 prescribes.

* **outcome**: was it solved, right, and for good? Over the last five issues, each 100 less what its
  repeats, reopenings, fallen claims and open days take off.
* **interaction**: how did it feel to be served? Over the last five of contacts (100 less transfers,
  repeated questions, giving up) and of what was said about them (CSAT, QA, sentiment, reviews).
* **effort**: how easy was it? 100 less the Journey Effort Index, with what the customer says (CES).
* **consistency**: was it always alike? Per kind of rating, and over contacts, how far each of the
  last five fell below the best of them; somebody always served equally badly scores 100 here.

Ratings older than ``reach_d`` no longer count. A score is None where there is nothing to score.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from streams.engine import effort
from streams.engine.journey import Contact, Issue, Journey
from streams.engine.long_run import RATINGS_MAX
from streams.engine.rules import Rules, ScoreRules
from streams.engine.units import DAY_MS

BEST = 100.0
LAST = RATINGS_MAX
SAID = ("csat", "qa", "review", "sentiment")
"""Ratings of how it felt; CES is about effort, NPS about all of it."""
COMPARED = ("ces", "csat", "qa", "review", "sentiment")
GIVEN_UP = frozenset({"abandoned", "dropped"})


Rated = Mapping[str, Sequence[tuple[int, float]]]


class Scores(NamedTuple):
    """The four scores, 0 to 100; None where there is nothing to score."""

    outcome: float | None
    interaction: float | None
    effort: float | None
    consistency: float | None


def scores(journey: Journey, at_ms: int, rules: Rules) -> Scores:
    """All four, as things stood at an instant.

    Args:
        journey: the customer's.
        at_ms: epoch milliseconds, at or after all that the journey has heard.
        rules: the policy's.
    """
    own = rules.scores
    served = []
    for contact in journey.contacts:
        if contact.inbound and (contact.ended_ms or contact.outcome or contact.path.transfers):
            served.append((contact.last_ms, _served(contact, own)))  # noqa: PERF401
    rated = _rated(journey, at_ms, own) if journey.ratings else {}
    known = rated or journey.effort.parts
    return Scores(
        _outcome(journey, at_ms, own) if journey.issues else None,
        _interaction(served, rated, own) if served or rated else None,
        _effort(journey, rated, at_ms, rules) if known else None,
        _consistency(served, rated, own) if rated or len(served) > 1 else None,
    )


def worst_weighted(values: Sequence[float], worst_share: float) -> float | None:
    """(1 - share) * mean + share * worst, of the last five (catalogue section 7, DC7).

    Args:
        values: oldest first, higher is better; of more than five the last five count.
        worst_share: 0 (a plain mean) to 1 (the worst alone).
    """
    last = values[-LAST:]
    if not last:
        return None
    return (1.0 - worst_share) * (sum(last) / len(last)) + worst_share * min(last)


def _outcome(journey: Journey, at_ms: int, rules: ScoreRules) -> float | None:
    issues = sorted(journey.issues, key=_last_ms) if len(journey.issues) > 1 else journey.issues
    return worst_weighted([_solved(issue, at_ms, rules) for issue in issues], rules.worst_share)


def _solved(issue: Issue, at_ms: int, rules: ScoreRules) -> float:
    """100 less what went wrong on the way to a solution, and for every day without one."""
    off = rules.repeat_points * max(0, issue.chain - 1)
    off += rules.reopen_points * (issue.reopens + issue.false_resolutions)
    if not issue.resolved_ms:
        open_d = max(0, at_ms - issue.first_ms) / DAY_MS
        off += min(rules.open_max_points, rules.open_day_points * open_d)
    return max(0.0, BEST - off)


def _interaction(served: list[tuple[int, float]], rated: Rated, rules: ScoreRules) -> float | None:
    felt = [*served, *(one for kind in SAID for one in rated.get(kind, ()))] if rated else served
    if len(felt) > 1:
        felt = sorted(felt)
    return worst_weighted([value for _, value in felt], rules.worst_share)


def _served(contact: Contact, rules: ScoreRules) -> float:
    """100 less what a contact put the customer through; waiting is effort and not counted here."""
    path = contact.path
    off = rules.transfer_points * path.transfers + rules.cold_points * path.cold
    off += rules.revisit_points * path.revisits + rules.information_points * contact.information
    if contact.outcome in GIVEN_UP:
        off += rules.abandoned_points
    return max(0.0, BEST - off)


def _effort(journey: Journey, rated: Rated, at_ms: int, rules: Rules) -> float | None:
    said = [value for _, value in rated.get("ces", ())]
    if not said and not journey.effort.parts:
        return None
    ease = BEST - effort.index(effort.effort_at(journey.effort, at_ms), rules.effort)
    return worst_weighted([*said[-LAST + 1 :], ease], rules.scores.worst_share)


def _consistency(served: list[tuple[int, float]], rated: Rated, rules: ScoreRules) -> float | None:
    compared = [sorted(served), *(rated.get(kind, ()) for kind in COMPARED)]
    alike = [_alike([value for _, value in one], rules) for one in compared if len(one) > 1]
    return worst_weighted(alike, rules.worst_share)


def _alike(values: list[float], rules: ScoreRules) -> float:
    """100 less how far values fell below the best of them."""
    last = values[-LAST:]
    best = max(last)
    return worst_weighted([BEST - (best - value) for value in last], rules.worst_share) or 0.0


def _rated(journey: Journey, at_ms: int, rules: ScoreRules) -> Rated:
    """When and what, on 0 to 100, by kind; only what is within reach."""
    since_ms = at_ms - int(rules.reach_d * DAY_MS)
    return {
        kind: [(one.at_ms, one.value / 10.0) for one in all_.last if one.at_ms > since_ms]
        for kind, all_ in journey.ratings.items()
    }


def _last_ms(issue: Issue) -> int:
    return issue.last_ms
