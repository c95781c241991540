"""Memory per customer, and how long a worker that lost everything needs until it alerts again.

Load many customers, look at the resident memory, kill the worker (SIGKILL), wait until the group
has forgotten it, start another in an empty folder, and count from its start to the alerts of
probes sent meanwhile: to the first one, and until every partition has answered. The same with next
to no customers gives what starting costs; the difference is restoring.
"""

import time
from typing import Any

from benchmarks.jbench import oracle, workload
from benchmarks.jbench.measure import rss_mb, used
from benchmarks.jbench.stage import COMMIT_S, NoResult, Stage, produce

_SEED = 13
_FORGOTTEN_S = 33.0  # every system's session timeout is 30 s
_PROBES = 64  # enough that every one of eight partitions has some


def recovered(stage: Stage, customers: int, contacts: int) -> dict[str, Any]:
    """The row of one system."""
    row: dict[str, Any] = {
        "what": "recovery", "system": stage.system.name, "customers": customers,
        "contacts": contacts,
    }  # fmt: skip
    with stage:
        try:
            return row | _measured(stage, customers, contacts)
        except NoResult as why:
            return row | {"failed": str(why), "log": stage.log()}


def _measured(stage: Stage, customers: int, contacts: int) -> dict[str, Any]:
    loaded = list(workload.contacts(customers, contacts, _SEED))
    alerts = len(oracle.answer(one.value for one in loaded).alerts)
    worker = stage.start()
    _probed(stage, 1)
    time.sleep(COMMIT_S)
    empty_mb = rss_mb(worker.pid)
    produce(stage.place, loaded)
    del loaded
    stage.heard(_PROBES + alerts)  # those of the first probes, and of the load
    _probed(stage, 2)  # behind the load in every partition: all of it is in
    time.sleep(COMMIT_S + 1.0)
    live_mb, changelog_mb = rss_mb(worker.pid), stage.written_bytes() / 1e6
    worker.kill()
    worker.wait()
    stage.workers.remove(worker)
    time.sleep(_FORGOTTEN_S)
    already = len(stage.listener.alerts)
    _sent(stage, 3)
    began_s = time.monotonic()
    worker = stage.start()
    stage.heard(already + _PROBES)
    heard_s = stage.listener.heard_at_s[already:]
    time.sleep(COMMIT_S)
    return {
        "first_s": round(min(heard_s) - began_s, 2),
        "all_s": round(max(heard_s) - began_s, 2),
        "restoring_cpu_s": round(used(worker.pid).total_s, 2),
        "empty_mb": round(empty_mb),
        "live_mb": round(live_mb),
        "cold_mb": round(rss_mb(worker.pid)),
        "written_mb": round(changelog_mb),
    }


def _sent(stage: Stage, part: int) -> None:
    """Probes of customers met in no other part, later than all contacts."""
    ts = workload.BEGIN_S + workload.SPAN_S + part
    produce(stage.place, [workload.probe(part * 1_000 + n, ts) for n in range(_PROBES)])


def _probed(stage: Stage, part: int) -> None:
    already = len(stage.listener.alerts)
    _sent(stage, part)
    stage.heard(already + _PROBES)
