"""A fault script: what is done to workers, broker and network, as data.

``bench.Run`` plays it, step by step; a failing run prints it as its story.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Start(NamedTuple):
    """Start worker ``number``, or start it again.

    Args:
        number: which one; it keeps its folder.
        die_at: ``step:nth`` or ``step:nth:STOP``, see ``streams.kafka.steps``.
        module: another module to run than the command itself, e.g. with a clock that is wrong.
        extra: more of its environment.
    """

    number: int = 0
    die_at: str = ""
    module: str = ""
    extra: tuple[tuple[str, str], ...] = ()


class Running(NamedTuple):
    """Wait until every worker that is up has said that it runs, and nothing is being restored."""

    within_s: float = 60.0


class Kill(NamedTuple):
    """SIGKILL to a worker's process group; ``wipe`` takes its disk away as well."""

    number: int = 0
    wipe: bool = False


class Term(NamedTuple):
    """Ask a worker to end; it must, with one of these codes, in time.

    Args:
        number: which one.
        within_s: seconds it may take.
        codes: exit codes that are right.
        interrupt: SIGINT instead of SIGTERM.
        twice: ask again at once, which ends it where it stands.
        wait: wait for it.
    """

    number: int = 0
    within_s: float = 20.0
    codes: tuple[int, ...] = (0,)
    interrupt: bool = False
    twice: bool = False
    wait: bool = True


class Ended(NamedTuple):
    """A worker ends by itself, with one of these codes, and says one of these names (if any)."""

    number: int = 0
    codes: tuple[int, ...] = (-9,)
    saying: tuple[str, ...] = ()
    within_s: float = 60.0


class Stopped(NamedTuple):
    """A worker has paused itself (``die_at`` with STOP)."""

    number: int = 0
    within_s: float = 60.0


class Pause(NamedTuple):
    """SIGSTOP to a worker."""

    number: int = 0


class Resume(NamedTuple):
    """SIGCONT to a worker; it may end by itself afterwards if ``may_end``."""

    number: int = 0
    may_end: bool = True


class Wait(NamedTuple):
    """Let time pass."""

    seconds: float


class Tell(NamedTuple):
    """Produce the next ``records`` in the background; ``rate`` a second, 0 for all at once.
    ``wait`` until they are acknowledged."""

    records: int
    rate: float = 0.0
    wait: bool = False


class Hush(NamedTuple):
    """Stop telling; what was told is acknowledged."""


class Supervise(NamedTuple):
    """Start again whoever has ended, as a supervisor would, and go on doing so until the next step
    comes true; exit codes must be among these."""

    codes: tuple[int, ...] = (0, 1, 3)


class Mark(NamedTuple):
    """Begin to measure a time; with ``records``, end it, and note so many per second."""

    name: str
    records: int = 0


class Told(NamedTuple):
    """Wait until everything told so far is acknowledged."""

    within_s: float = 300.0


class Applied(NamedTuple):
    """Wait until so many more offsets are applied than when the step began."""

    more: int
    within_s: float = 60.0


class CaughtUp(NamedTuple):
    """Everything in the log is applied, within a time after the last fault (O4)."""

    within_s: float = 120.0


class Fired(NamedTuple):
    """Every timer that the wall clock has passed has fired, with nobody telling anything (O4).

    Args:
        within_s: seconds it may take, ``ahead_s`` included.
        ahead_s: also those due so many seconds from now.
    """

    within_s: float = 60.0
    ahead_s: float = 0.0


class Broker(NamedTuple):
    """``freeze``, ``resume``, ``kill``, ``stop`` or ``start`` the broker."""

    what: str


class Config(NamedTuple):
    """Set a topic's configuration live.

    Args:
        topic: logical name, or ``changelog``.
        name, value: Kafka's; an empty value takes the setting away.
    """

    topic: str
    name: str
    value: str


class Deny(NamedTuple):
    """Take the workers' right to write to a topic away; or give it back."""

    topic: str
    back: bool = False


class Net(NamedTuple):
    """``cut``, ``refuse``, ``hole``, ``hole_in``, ``hole_out``, ``delay`` or ``heal``."""

    what: str
    delay_s: float = 0.0


Step = (
    Start | Running | Kill | Term | Ended | Stopped | Pause | Resume | Wait | Tell | Told | Applied
    | CaughtUp | Fired | Broker | Config | Deny | Net | Hush | Supervise | Mark
)  # fmt: skip

Environment = Mapping[str, str]

#: Steps that are faults, for the count and for the time until all is well again.
FAULTS = (Kill, Term, Pause, Resume, Broker, Config, Deny, Net, Ended)


def story(steps: list[Step] | tuple[Step, ...]) -> str:
    """A script in lines."""
    return "\n".join(f"  {number:3}. {step}" for number, step in enumerate(steps, 1))
