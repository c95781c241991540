"""Reports of a day: what each team's causes cost, and how an agent's contacts turned out."""

from streams.cohorts.desk import CrowdDesk
from streams.cohorts.rules import CohortRules
from streams.engine.record import Send
from streams.engine.rules import Rules


def reports(desk: CrowdDesk, day: int, chosen: CohortRules, rules: Rules) -> list[Send]:
    """What is reported when a day has closed."""
    return []
