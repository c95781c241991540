"""One deployment under test: its topics, and its workers as processes of their own.

A worker is the real command, ``throughline worker``, in a session and a folder of its own.
"""

import asyncio
import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from streams.kafka import topics
from streams.settings import Settings

ROOT = Path(__file__).parents[2]
POLICY = Path(__file__).with_name("policy.toml")

_FOR_EVER_MS = 10 * 365 * 86_400_000

_numbers = itertools.count(1)
_COMMAND = ("streams.cli", "worker")


class Size(NamedTuple):
    """What a process holds, at one moment.

    Args:
        rss_mb: resident memory, megabytes.
        fds: open file descriptors.
    """

    rss_mb: float
    fds: int


class Worker:
    """One worker process.

    Args:
        number: which of the deployment's workers this is; it keeps its folder when it is started
            again.
        folder: its working directory.
        environment: all of it.
        command: module and arguments to run.
    """

    def __init__(
        self,
        number: int,
        folder: Path,
        environment: dict[str, str],
        command: tuple[str, ...] = _COMMAND,
    ):
        folder.mkdir(parents=True, exist_ok=True)
        self.number, self.folder = number, folder
        self.log = folder.with_name(f"{folder.name}-{time.time_ns()}.log")
        self.paused = False
        self.began_s = time.monotonic()
        with self.log.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """The process exists, paused or not."""
        return self.process.poll() is None

    @property
    def code(self) -> int | None:
        """Its exit code, once it has one."""
        return self.process.poll()

    def said(self) -> str:
        """All it has said."""
        return self.log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        """Signal the whole process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def wait(self, within_s: float) -> int | None:
        """Its exit code, or None if it did not end in time."""
        try:
            return self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            return None

    def size(self) -> Size | None:
        """What it holds now; None if it is gone."""
        return size_of(self.process.pid) if self.alive else None


def size_of(pid: int) -> Size | None:
    """What a process holds now; None if it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return Size(pages * os.sysconf("SC_PAGESIZE") / 1e6, len(os.listdir(f"/proc/{pid}/fd")))
    except (OSError, IndexError):
        return None


class Place:
    """One app on one broker, with names of its own.

    Args:
        bootstrap: the broker as workers see it.
        direct: the broker as the harness sees it.
        folder: for workers' folders and logs.
        settings: over the bench's.
    """

    def __init__(self, bootstrap: str, direct: str, folder: Path, **settings: object):
        name = f"f{os.getpid()}-{next(_numbers)}"
        self.direct, self.folder = direct, folder
        self.given: dict[str, Any] = {
            "broker": bootstrap,
            "app_id": name,
            "prefix": name,
            "partitions": 4,
            "session_timeout_s": 3.0,
            "rebalance_s": 10.0,
            "shutdown_s": 10.0,
            "idle_after_s": 1.0,
            "status_every_s": 1.0,
            "commit_every_s": 0.5,
            "batch_records": 1_000,
            "stall_after_s": 60.0,
            "policy": str(POLICY),
            **settings,
        }
        self.settings = Settings(_env_file=None, **self.given)
        self.workers: list[Worker] = []
        self.source = self.settings.topic(topics.TOUCHPOINTS)
        self.changelog = topics.changelog_of(self.settings, self.source)

    def prepare(self) -> None:
        """Make the topics, as the first worker would; but snapshots stay, also those that a later
        one has overtaken, so that each can be looked for."""
        asyncio.run(topics.prepare(self.settings.model_copy(update={"broker": self.direct})))
        resource = ConfigResource(
            ConfigResource.Type.TOPIC,
            self.settings.topic(topics.SNAPSHOTS),
            incremental_configs=[
                ConfigEntry(name, str(_FOR_EVER_MS), incremental_operation=AlterConfigOpType.SET)
                for name in ("max.compaction.lag.ms", "min.compaction.lag.ms")
            ],
        )
        admin = AdminClient({"bootstrap.servers": self.direct, "log_level": 0})
        for future in admin.incremental_alter_configs([resource]).values():
            future.result(30)

    def start(self, number: int = 0, command: tuple[str, ...] = _COMMAND, **extra: str) -> Worker:
        """One more worker process; ``extra`` goes into its environment."""
        keep = {k: v for k, v in os.environ.items() if not k.startswith("THROUGHLINE_")}
        ours = {f"THROUGHLINE_{k.upper()}": str(v) for k, v in self.given.items()}
        where = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        worker = Worker(
            number,
            self.folder / f"worker-{number}",
            {**keep, **where, **ours, **extra},
            command,
        )
        self.workers.append(worker)
        return worker

    def left_on_disk(self) -> list[str]:
        """What workers have left in their folders; they keep nothing there."""
        return [
            str(path)
            for worker in {w.folder for w in self.workers}
            if worker.exists()
            for path in worker.rglob("*")
        ]

    def wipe(self, number: int) -> None:
        """Take a worker's disk away."""
        shutil.rmtree(self.folder / f"worker-{number}", ignore_errors=True)

    def close(self) -> None:
        """No process outlives its deployment."""
        for worker in self.workers:
            if worker.alive:
                worker.signal(signal.SIGKILL)
                worker.wait(10)
