"""A process that does not outlive us, whatever becomes of us."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

# Waits at the other end of a pipe. When we are gone, by whatever death, the pipe closes, and it
# takes the process group down and the folder away. A signal asked of the kernel at our death
# would come when the *thread* that started the child ends, and only on Linux.
_WATCH = 'read -r _; kill -KILL "-$1" 2>/dev/null; [ -z "$2" ] || rm -rf "$2"'


class Child:
    """A process in a session of its own, with a watch that ends it should we die first.

    Args:
        command: program and arguments.
        log: where its output goes; appended to.
        folder_to_remove: removed too if we die without having stopped the child.
    """

    def __init__(self, command: Sequence[str], log: Path, folder_to_remove: Path | None = None):
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._watch = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, "watch", str(self.pid), str(folder_to_remove or "")],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Its process id, which is also its process group's."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative if a signal ended it."""
        return self._process.poll()

    def send_signal(self, number: signal.Signals) -> None:
        """Signal the whole process group; nothing happens if it has ended."""
        if self.exit_code is None:
            os.killpg(self.pid, number)

    def rss_bytes(self) -> int:
        """Its resident memory now; 0 once it has ended."""
        if self.exit_code is not None:
            return 0
        command = ["ps", "-o", "rss=", "-p", str(self.pid)]
        shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return int(shown or 0) * 1024

    def stop(self, timeout_s: float) -> int:
        """Ask it to end, wait, then make it end.

        Args:
            timeout_s: how long it has to end by itself; 0 kills at once.

        Returns:
            Its exit code; negative if a signal ended it.
        """
        # The watch goes first: once the child has been reaped its id may be given to another.
        self._watch.kill()
        self._watch.communicate()
        if timeout_s > 0:
            self.send_signal(signal.SIGCONT)  # suspended, it would not hear the next one
            self.send_signal(signal.SIGTERM)
            try:
                return self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                pass
        self.send_signal(signal.SIGKILL)
        return self._process.wait()
