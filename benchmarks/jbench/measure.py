"""What a process and all it started have used, from /proc."""

import os
import time
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


class Used(NamedTuple):
    """Seconds of CPU, user and system."""

    user_s: float
    system_s: float

    @property
    def total_s(self) -> float:
        """Both together."""
        return self.user_s + self.system_s

    def since(self, before: "Used") -> "Used":
        """What was used in between."""
        return Used(self.user_s - before.user_s, self.system_s - before.system_s)


def tree(pid: int) -> list[int]:
    """A process and its descendants."""
    found, index = [pid], 0
    while index < len(found):
        for task in Path(f"/proc/{found[index]}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
        index += 1
    return found


def used(pid: int) -> Used:
    """CPU of a process, its threads and its children, also of those that have ended."""
    user = system = 0
    for one in tree(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        user += int(fields[11]) + int(fields[13])
        system += int(fields[12]) + int(fields[14])
    return Used(user / _TICKS, system / _TICKS)


def peak_rss_mb(pid: int) -> float:
    """Highest resident memory so far, megabytes, over the tree."""
    total_kb = 0
    for one in tree(pid):
        lines = Path(f"/proc/{one}/status").read_text().splitlines()
        total_kb += sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return total_kb / 1_024


def stolen_share(before: list[int], after: list[int]) -> float:
    """Share of all CPU time that was not ours between two readings of ``cpu_ticks``."""
    total = sum(after) - sum(before)
    return (after[7] - before[7]) / total if total else 0.0


def cpu_ticks() -> list[int]:
    """The first line of /proc/stat: user nice system idle iowait irq softirq steal …"""
    return [int(field) for field in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]


def calibrated_ms() -> float:
    """CPU of a fixed piece of work now: how fast this machine happens to be at the moment."""
    began_s, total = time.process_time(), 0
    for number in range(2_000_000):
        total += number & 7
    return round((time.process_time() - began_s) * 1_000 + total * 0, 1)


def rss_mb(pid: int) -> float:
    """Resident memory now, megabytes, over the tree."""
    total_kb = 0
    for one in tree(pid):
        lines = Path(f"/proc/{one}/status").read_text().splitlines()
        total_kb += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return total_kb / 1_024
