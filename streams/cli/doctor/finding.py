"""One thing that was looked at, and what was found."""

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """One thing looked at.

    Args:
        state: well; odd, to be looked at; or wrong, to be mended.
        about: stable name of the check.
        text: what was found.
        mend: what to do about it, if anything.
    """

    state: Literal["well", "odd", "wrong"]
    about: str
    text: str
    mend: str = ""
