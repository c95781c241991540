"""What was answered and assessed: surveys, reviews, quality checks, sentiment; and goodwill.

Each rating is kept on one scale, 0 to 1000 with 1000 best, and with its distance from the mean of
the customer's own earlier ones and from the mean of the segment (S0-08, S4-26): a 4 of 5 is bad
news from somebody who always gave 5. A journey sees no other customers, so the segment's means are
the policy's (``[scores] segment_means``); whoever computes them from metrics writes them there.
"""

from bisect import bisect_right

from streams.engine.heard import Heard
from streams.engine.long_run import RATINGS_MAX, Rating, Ratings
from streams.engine.remember import issues
from streams.engine.remember.relationship import negative, normalised
from streams.engine.rules import Rules

FULL = 1000
SURVEYS = ("csat", "ces", "nps")
BAD, DETRACTOR = 0.4, 0.6
"""Normalised scores from which down an answer is bad news: 2 of 5, 3 of 7; 6 of 10 for NPS."""
ANGRY = -0.6
"""Sentiment from which down words are bad news, on its own scale of -1 to 1 (section 7, FR12)."""


def surveyed(heard: Heard, rules: Rules) -> None:
    """``survey.responded``: the score, its issue, goodwill, a rating."""
    touchpoint, journey = heard.touchpoint, heard.journey
    heard.contact = journey.contact(touchpoint.contact_id)
    heard.issue = issues.find(journey, touchpoint, heard.at_ms)
    if touchpoint.score is None:
        return
    heard.score = normalised(
        touchpoint.score, touchpoint.scale_min, touchpoint.scale_max, touchpoint.higher_is_better
    )
    whole = touchpoint.scope == "relationship"
    if touchpoint.kind in SURVEYS:
        kind = "nps_relationship" if whole and touchpoint.kind == "nps" else touchpoint.kind
        rate(heard, kind, heard.score, rules)
    if heard.score >= rules.severity.good_score:
        if not whole:
            _goodwill(heard, rules)
        if heard.issue is not None and touchpoint.kind == "csat":
            heard.note()
            heard.issue.satisfied_ms = heard.at_ms
    elif heard.score <= (DETRACTOR if touchpoint.kind == "nps" else BAD):
        negative(heard)
        _no_advocate(heard, whole)


def reviewed(heard: Heard, rules: Rules) -> None:
    """``review.posted``: a rating in public."""
    told = heard.touchpoint
    share = normalised(told.score, told.scale_min, told.scale_max, told.higher_is_better)
    rate(heard, "review", share, rules)
    if share <= BAD:
        negative(heard)
        _no_advocate(heard, True)


def assessed(heard: Heard, rules: Rules) -> None:
    """``qa.assessed``: how good we think the contact was."""
    rate(heard, "qa", heard.touchpoint.score / 100.0, rules)


def felt(heard: Heard, rules: Rules) -> None:
    """``sentiment.scored``: how the customer's words sound, if the model is sure enough."""
    told = heard.touchpoint
    if told.confidence is not None and told.confidence < rules.scores.confidence:
        return
    rate(heard, "sentiment", (told.score + 1.0) / 2.0, rules)
    if told.score <= ANGRY:
        negative(heard)


def rate(heard: Heard, kind: str, share: float, rules: Rules) -> None:
    """Keep one rating with its distances.

    Args:
        heard: the touchpoint; its event time dates the rating, which may come late.
        kind: what was rated.
        share: 0 to 1, 1 is best.
        rules: the segments' means.
    """
    journey = heard.journey
    known = journey.ratings.get(kind)
    if known is None:
        known = journey.ratings[kind] = Ratings()
    value = round(share * FULL)
    usual = rules.scores.segment_means.get(journey.profile.segment or "", {}).get(kind)
    rating = Rating(
        heard.at_ms,
        value,
        value - round(known.total / known.n) if known.n else None,
        value - round(usual * FULL) if usual is not None else None,
    )
    known.n += 1
    known.total += value
    known.last.insert(bisect_right(known.last, rating.at_ms, key=_at_ms), rating)
    if len(known.last) > RATINGS_MAX:
        del known.last[0]


def _at_ms(rating: Rating) -> int:
    return rating.at_ms


def _goodwill(heard: Heard, rules: Rules) -> None:
    good = heard.journey.profile.goodwill_ms
    good.append(heard.at_ms)
    if len(good) > 1 and good[-2] > good[-1]:
        good.sort()
    if len(good) > rules.severity.goodwill_contacts:
        del good[0]


def _no_advocate(heard: Heard, in_general: bool) -> None:
    """One bad contact does not undo a recommendation; a bad word about all of it does."""
    if in_general:
        heard.journey.profile.advocate = False
