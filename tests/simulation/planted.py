"""Bugs put into the product on purpose: the simulation must catch every one of them.

Each is what a person could well write. They are put in by replacing a method of the product's own
classes for as long as a ``with`` lasts, or by a line that errs; nothing of it is in the product.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from streams import line
from streams.kafka import lane, work
from streams.kafka.commit import Commit
from streams.kafka.lanes import Lanes
from streams.kafka.store import JourneyStore
from streams.line import Line
from tests.simulation import dangers, mistakes
from tests.simulation import plan as plans
from tests.simulation.fakes import SimWriter
from tests.simulation.plan import Plan, drawn
from tests.simulation.small_line import line_over

#: A bug that so many seeds do not notice is not caught.
_MOST_SEEDS = 600

Lined = Callable[[Plan], Line]


@dataclass(frozen=True)
class Bug:
    """One planted bug.

    Args:
        text: what is wrong, in a sentence.
        delivery: where it does harm.
        oracles: any of these may be the one that catches it.
        replaced: methods of the product: (class, name, replacement).
        line: the line to run, where the bug is in the line.
        plans: scenarios in which to look for it; drawn from seeds where not given.
    """

    text: str
    delivery: str
    oracles: tuple[str, ...]
    replaced: tuple[tuple[Any, str, Any], ...] = ()
    line: type[Line] = Line
    plans: Callable[[], Iterable[Plan]] | None = None

    def scenarios(self) -> Iterable[Plan]:
        """Plans in which it should be caught."""
        if self.plans is not None:
            return self.plans()
        return (drawn(seed, self.delivery) for seed in range(_MOST_SEEDS))

    @contextmanager
    def planted(self) -> Iterator[Lined]:
        """The product with the bug in it; gives what makes the line of a plan."""
        with ExitStack() as stack:
            for owner, name, replacement in self.replaced:
                stack.callback(setattr, owner, name, getattr(owner, name))
                setattr(owner, name, replacement)
            yield self._line

    def _line(self, plan: Plan) -> Line:
        return line_over(plan.partitions, self.line)


BUGS: dict[str, Bug] = {
    "commit_before_state": Bug(
        "progress is committed to the group before journeys are acknowledged",
        plans.EFFECTIVELY, ("O1", "O2", "O3"),
        ((Commit, "_one_by_one", mistakes.without_waiting),),
    ),
    "commit_before_state_in_transaction": Bug(
        "the transaction is committed before journeys are acknowledged",
        plans.EXACTLY, ("O1", "O2", "O3", "O4", "O5"),
        ((Commit, "_in_transaction", mistakes.transaction_without_waiting),),
    ),
    "state_before_alerts": Bug(
        "journeys and progress are acknowledged before the alerts they caused are sent",
        plans.EFFECTIVELY, ("O1",),
        ((Commit, "_one_by_one", mistakes.state_first),),
    ),
    "next_too_high": Bug(
        "progress claims one offset more than was applied",
        plans.EXACTLY, ("O1", "O2"), line=mistakes.OneTooHigh,
    ),
    "next_too_low": Bug(
        "progress claims one offset less than was applied",
        plans.EXACTLY, ("O1", "O2", "O3", "O4", "O5"), line=mistakes.OneTooLow,
    ),
    "timer_not_stored": Bug(
        "a journey is written without its next due time",
        plans.EXACTLY, ("O1", "O4"), line=mistakes.TimersForgotten,
    ),
    "timer_not_restored": Bug(
        "a restore does not plan the timers of the journeys it reads",
        plans.EXACTLY, ("O1", "O4"), line=mistakes.TimersNotRestored,
    ),
    "zombie_without_fence": Bug(
        "a paused owner that wakes is not shut out by the transaction coordinator",
        plans.EXACTLY, ("O1", "O2", "O3", "O5"),
        ((SimWriter, "fence", mistakes.no_fence), (Commit, "sure", mistakes.always_sure)),
    ),
    "zombie_overwrites": Bug(
        "without transactions, a stale record of a paused owner is believed and not mended",
        plans.EFFECTIVELY, ("O1", "O2", "O3"),
        (
            (JourneyStore, "_take", mistakes.believe_everybody),
            (Commit, "sure", mistakes.always_sure),
            (Commit, "mend", mistakes.never_mend),
        ),
    ),
    "local_copy_first": Bug(
        "the local copy is written before the changelog has it",
        plans.EFFECTIVELY, ("O1", "O2", "O3"),
        ((work.Work, "_settle", mistakes.settle_first),),
    ),
    "dropped_on_revoke": Bug(
        "on revocation, progress is written for batches that were fetched and never run",
        plans.EXACTLY, ("O1", "O2"),
        (
            (lane.Lane, "_next", mistakes.skip_in_hand),
            (lane.Lane, "_live", mistakes.live_until_empty),
            (lane.Inbox, "clear", mistakes.keep_inbox),
        ),
    ),
    "committed_on_revoke": Bug(
        "on revocation, the group is told offsets of batches that were fetched and never run",
        plans.EXACTLY, ("O3",),
        ((Lanes, "release", mistakes.drop_in_hand),),
    ),
    "poison_stops_the_partition": Bug(
        "a record that crashes the line is not set aside",
        plans.EXACTLY, ("O4",), ((line, "guarded", mistakes.nothing_set_aside),),
    ),
    "wake_not_noted": Bug(
        "without transactions, alerts of a wake leave before the wake is written down",
        plans.EFFECTIVELY, ("O1",),
        ((Commit, "note", mistakes.do_nothing),), plans=dangers.torn_wakes,
    ),
    "stale_left_behind": Bug(
        "what was not believed stays the last record of its key",
        plans.EFFECTIVELY, ("O1", "O2", "O3", "O4"),
        ((Commit, "_write_over_stale", mistakes.do_nothing),), plans=dangers.stale_hand_overs,
    ),
    "too_large_after_alerts": Bug(
        "that a batch does not fit is found out when its alerts have left",
        plans.EFFECTIVELY, ("O5",),
        ((SimWriter, "fits", mistakes.everything_fits),), plans=dangers.tight_batches,
    ),
    "unread_is_skipped": Bug(
        "a changelog is taken as known up to our last record, whoever wrote in between",
        plans.EFFECTIVELY, ("O1", "O2", "O3", "O4"),
        (
            (Commit, "_follows", mistakes.known_to_the_end),
            (Commit, "note", mistakes.note_and_go_on),
        ),
        plans=dangers.cut_off_and_back,
    ),
    "written_on_unsure": Bug(
        "after a request without an answer the next transaction is begun under the same epoch",
        plans.EXACTLY, ("O1", "O2", "O5"),
        ((SimWriter, "begin", mistakes.begun_all_the_same),), plans=dangers.late_endings,
    ),
}  # fmt: skip
