"""What goes wrong, told in three lines: what, why, what to do; and the exit code it means."""

import sys

FAILED, USAGE, NOT_READY = 1, 2, 3
"""Exit codes; 0 is for what was done."""


class Trouble(Exception):
    """A command cannot do what it was asked.

    Args:
        what: one sentence, what did not happen.
        why: one sentence, the cause as far as it is known.
        todo: one sentence, what the reader can do now.
        code: exit code.
    """

    def __init__(self, what: str, why: str, todo: str, code: int = FAILED) -> None:
        super().__init__(what, why, todo)
        self.what = what
        self.why = why
        self.todo = todo
        self.code = code


def told(error: Exception) -> int:
    """Print what went wrong to stderr and return the exit code.

    Raises:
        Exception: ``error`` itself, if it is none we know: a fault of ours, with its traceback.
    """
    trouble = known(error)
    if trouble is None:
        raise error
    print(f"{trouble.what}\n  why: {trouble.why}\n  do:  {trouble.todo}", file=sys.stderr)
    return trouble.code


def known(error: Exception) -> Trouble | None:
    """The error in three lines, if we know it. Owners' modules are only named: none is imported.

    Args:
        error: anything raised while a command ran.
    """
    if isinstance(error, Trouble):
        return error
    if isinstance(error, BrokenPipeError):
        return None
    names = {cls.__name__ for cls in type(error).__mro__}
    if "Refusal" in names:
        return Trouble(f"{error.name}: {error.what}", error.why, error.todo, error.code)  # type: ignore[attr-defined]
    if "BrokerUnavailable" in names:
        return Trouble(error.what, error.why, error.mend, NOT_READY)  # type: ignore[attr-defined]
    if "PolicyError" in names:
        return Trouble(
            "The policy cannot be used.", str(error),
            "Mend what is named above; `throughline policy show` prints all keys and their values.",
            USAGE,
        )  # fmt: skip
    if isinstance(error, OSError) and error.filename:
        return Trouble(
            f"{error.filename} cannot be used.",
            error.strerror or str(error),
            "Check the path and who may read or write it.",
            USAGE,
        )
    if isinstance(error, OSError):
        return Trouble(
            "Reading or writing failed.",
            error.strerror or str(error),
            "Mend that and run the command again.",
        )
    return None
