"""Who the customer is: of profile and consent the newest word."""

from streams.engine.journey import Journey, Profile
from streams.engine.remember import consents
from streams.engine.rules import Rules


def merge(mine: Journey, theirs: Journey, rules: Rules) -> None:
    """Join both; in doubt what the customer that stays has is kept."""
    newer = theirs.last_ms > mine.last_ms
    mine.profile = _profile(mine.profile, theirs.profile, newer, rules)
    for consent in theirs.consents:
        consents.keep(mine.consents, consent)


def _profile(mine: Profile, theirs: Profile, newer: bool, rules: Rules) -> Profile:
    """Facts of the customer heard of last, the gaps filled by the other; the stage by its date."""
    first, second = (theirs, mine) if newer else (mine, theirs)
    blank = Profile()
    made = Profile()
    for name in made.__struct_fields__:
        value = getattr(first, name)
        setattr(made, name, getattr(second, name) if value == getattr(blank, name) else value)
    if not first.acv_minor:
        made.acv_minor, made.currency = second.acv_minor, second.currency
    staged = max((mine, theirs), key=lambda one: (one.stage_since_ms, one.stage != blank.stage))
    made.stage, made.stage_since_ms = staged.stage, staged.stage_since_ms
    made.negative_ms = max(mine.negative_ms, theirs.negative_ms)
    made.goodwill_ms = sorted([*mine.goodwill_ms, *theirs.goodwill_ms])
    del made.goodwill_ms[: -rules.severity.goodwill_contacts]
    made.incidents = [*mine.incidents, *(i for i in theirs.incidents if i not in mine.incidents)]
    del made.incidents[:-4]
    return made
