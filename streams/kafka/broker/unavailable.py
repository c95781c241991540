"""A broker cannot be had: what happened, why, and what to do about it."""


class BrokerUnavailable(RuntimeError):
    """A broker we were asked to start or prepare is not to be had.

    Its text is three lines (what, why, what to do) so that a command can print it as it is.

    Args:
        what: what did not happen, e.g. "Kafka did not start."
        why: the cause as far as it is known.
        mend: what the reader can do now.
    """

    def __init__(self, what: str, why: str, mend: str):
        super().__init__(f"{what}\n{why}\n{mend}")
        self.what = what
        self.why = why
        self.mend = mend
