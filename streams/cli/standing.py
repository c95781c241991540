"""How a customer stands, in a few lines: scores, health of domains, stage, ratings, moments."""

from collections.abc import Iterator
from typing import Any

MET = {True: "standard met", False: "mishandled", None: "not decided yet"}
NAMES = ("outcome", "interaction", "effort", "consistency")


def standing(told: dict[str, Any]) -> Iterator[str]:
    """One line for each thing there is to say.

    Args:
        told: the customer's snapshot.
    """
    four = told["scores"]
    scored = [f"{name} {four[name]:.0f}" if name in four else f"{name} -" for name in NAMES]
    yield f"  scores        {'  '.join(scored)}  of 100, the worst counts half"
    if told["health"]:
        ill = ", ".join(
            f"{name.replace('_', ' ')} {value:.0f}" for name, value in told["health"].items()
        )
        yield f"  health        {ill}"
    known = [
        f"since {told['stage_since'][:10]}" if told["stage_since"] else None,
        f"segment {told['segment']}" if told["segment"] else None,
        f"tier {told['tier']}" if told["tier"] else None,
        "advocate" if told["advocate"] else None,
    ]
    if any(known):
        yield f"  stage         {told['stage']}  {'  '.join(one for one in known if one)}"
    for rating in told["ratings"]:
        yield f"  last rating   {_rating(rating)}"
    for moment in told["moments"]:
        yield (
            f"  moment        {moment['moment'].replace('_', ' ')}  "
            f"{moment['occurred_at'][:10]}  {MET[moment['standard_met']]}"
        )


def _rating(rating: dict[str, Any]) -> str:
    text = f"{rating['kind'].replace('_', ' ')} {rating['value']:.0f}"
    for name, whose in (("from_own_mean", "own mean"), ("from_segment_mean", "segment mean")):
        if name in rating:
            text += f"  {rating[name]:+.0f} to the {whose}"
    return f"{text}  {rating['occurred_at'][:10]}"
