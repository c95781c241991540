"""What holds for every test: time limits of laws, and nobody to talk to but this machine."""

import os
import sys

from hypothesis import settings

# No deadline: the machine may be shared, and a slow example is no broken law. The examples are drawn
# the same everywhere and every time, so that red means the change and not the draw, and what passes
# here passes in CI; HYPOTHESIS_PROFILE=explore draws anew.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_LOOPBACK = ("127.", "::1", "localhost", "::ffff:127.")


def _stay_on_this_machine(occasion: str, details: tuple) -> None:
    """Refuse connections that leave the machine: what we run must not need the outside."""
    if occasion == "socket.connect":
        address = details[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to leave the machine, to {address}")


# For good: the interpreter offers no way to take a hook back.
sys.addaudithook(_stay_on_this_machine)
