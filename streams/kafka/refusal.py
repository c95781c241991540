"""Why a worker will not start, or will not go on: said once, in lines a person can act on."""

import re

#: Never printed, whatever a client library puts into its error text: a password in a URL, or the
#: value after a name that smells of a secret.
_SECRET = re.compile(r"(?i)(//[^/\s:@]+:)[^@\s]+(@)|((?:password|token|secret)['\"]?\s*[=:]\s*)\S+")

#: Exit codes of the command line (0 ok, 1 failed, 2 usage, 3 not ready).
FAILED = 1
NOT_READY = 3


class Refusal(Exception):
    """A named reason to stop, with what happened, why, and what to do about it.

    Args:
        name: stable identifier, e.g. ``no_broker``; ``throughline doctor`` and tests know it.
        what: one sentence, what is the matter.
        why: one sentence, the cause as far as it is known.
        todo: one sentence, what a person should do now.
        code: exit code of the process.
    """

    def __init__(self, name: str, what: str, why: str, todo: str, *, code: int = FAILED):
        super().__init__(f"{name}: {what} {why} {todo}")
        self.name = name
        self.what = masked(what)
        self.why = masked(why)
        self.todo = masked(todo)
        self.code = code

    def lines(self) -> str:
        """The three lines printed before the process ends."""
        return f"{self.name}: {self.what}\n  why: {self.why}\n  do:  {self.todo}"


def masked(text: str) -> str:
    """The text with anything that looks like a secret replaced by asterisks."""
    return _SECRET.sub(lambda m: f"{m[1]}****@" if m[1] else f"{m[3]}****", text)


def unexpected(where: str, fault: BaseException) -> Refusal:
    """A crash of ours: nothing was committed, so the restart reads the same records again."""
    return Refusal(
        "unexpected_error",
        f"{where} failed with {type(fault).__name__}.",
        masked(str(fault)) or "No text came with it.",
        "Nothing of the batch in hand was committed; restart the worker. If it comes again, "
        "report it with the traceback above.",
    )
