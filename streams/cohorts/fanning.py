"""From where touchpoints stood to cohorts: once an hour, when every partition has passed it.

A dozen cohorts for each place; so it is done when everything heard in that hour, by every
partition, has been added up by place, and never for single touchpoints.
"""

from streams.cohorts.cell import Cell
from streams.cohorts.desk import LATE, CrowdDesk, Where
from streams.cohorts.dimensions import Naming, place_of
from streams.cohorts.insights import SAID, trim
from streams.cohorts.portion import DAY, HOUR
from streams.cohorts.rules import CohortRules
from streams.cohorts.state import Waiting
from streams.engine.rules import Rules

_REASON = 3
"""Where the reason stands among the dimensions."""


class Fan:
    """Which cohorts there are, and which of them lie in a partition of the second stage.

    Args:
        rules: the policy, for owners.
        chosen: which cohorts there are.
        places: partitions of the second stage.
    """

    def __init__(self, rules: Rules, chosen: CohortRules, places: int) -> None:
        self._chosen, self._places = chosen, places
        self._naming = Naming(
            chosen.dimensions, chosen.pairs, lambda reason: owner_of(reason, chosen, rules)
        )

    def out(self, desk: CrowdDesk, heard: int, tick: int) -> dict[Where, Cell]:
        """What was heard in an hour, by window and cohort.

        Args:
            desk: it waits there, and then no longer.
            heard: the hour.
            tick: the one at which it is taken in.
        """
        before, chosen = tick - 1, self._chosen
        oldest = (before - chosen.hours_kept, before // 24 - chosen.days_kept)
        named: dict[Where, Cell] = {}
        for waits in desk.arrivals.due(heard):
            kind, window = waits.kind, waits.window
            late = kind == HOUR and window < oldest[HOUR]
            if late:
                kind, window = DAY, window // 24  # the hour's own record is closed for good
                waits.sums.add(LATE)
            if kind == DAY and window < oldest[DAY]:
                continue
            if isinstance(waits.about, str):
                if not late:
                    named.setdefault((kind, window, waits.about), Cell()).merge(waits.sums)
                continue
            self._to_cohorts(named, kind, window, waits, desk.partition)
        return _known(desk, named, heard, chosen.values_max)

    def _to_cohorts(
        self, named: dict[Where, Cell], kind: int, window: int, waits: Waiting, partition: int
    ) -> None:
        dims: tuple = tuple(waits.about)
        words = _without_words(waits.sums)
        for name in self._naming.names(dims):
            if self._places > 1 and place_of(name, self._places) != partition:
                continue
            into = named.get((kind, window, name))
            if into is None:
                into = named[kind, window, name] = Cell()
            into.merge(waits.sums)
            if name.startswith("owner="):
                _tell_owner(into, waits.sums, dims[_REASON] or "")
                for code in words:
                    into.add(code)
                trim(into)


def _known(
    desk: CrowdDesk, named: dict[Where, Cell], heard: int, values_max: int
) -> dict[Where, Cell]:
    """The same by the cohorts that are kept: who is one too many of a kind counts as ``other``."""
    kept: dict[Where, Cell] = {}
    for kind, window, name in sorted(named):
        cohort = desk.known(name, heard, values_max)
        if cohort is None:
            continue
        cell = named[kind, window, name]
        if (kind, window, cohort) in kept:
            kept[kind, window, cohort].merge(cell)
        else:
            kept[kind, window, cohort] = cell
    return kept


def owner_of(reason: str, chosen: CohortRules, rules: Rules) -> str:
    """The team that answers for a reason for contact."""
    return rules.owner("", chosen.cause(reason))


def _without_words(cell: Cell) -> list[str]:
    """Take out what customers wrote, which concerns the owner alone."""
    words = [code for code in cell.counts if code.startswith(SAID)]
    for code in words:
        del cell.counts[code]
    return words


def _tell_owner(owner: Cell, cell: Cell, reason: str) -> None:
    """An owner's roll-up says which reasons it is made of."""
    for code in ("contacts", "effort_m", "avoidable"):
        if cell[code]:
            owner.add(f"{code}:{reason}", cell[code])
