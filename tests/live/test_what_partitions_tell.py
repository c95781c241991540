"""What one partition hears and all of them must know, on a real Kafka: heartbeats and incidents."""

import asyncio
import json
import signal
from itertools import count

from streams.wire import internal
from tests.live.test_cohorts import publish
from tests.live.workers import Deployment, deployed, eventually, read_all, terminate
from tests.partitions import id_in

MONDAY_MS = 1_767_571_200_000  # 2026-01-05T00:00:00Z
HOUR_MS, WEEK_MS = 3_600_000, 7 * 24 * 3_600_000
ANSWERED, FORGOTTEN = id_in(0), id_in(1)
HERE_AND_THERE = (id_in(0, number=7), id_in(1, number=7))
AROUND_THE_CLOCK = """
version = "around-the-clock"
[detectors.unanswered_inquiry]
calendar = "24x7"
"""

#: Two partitions, no wall clock; small batches, so that a death falls between them.
SETTINGS = {"partitions": 2, "cohort_partitions": 1, "batch_records": 10, "idle_after_s": 600.0}


def touchpoint(at_ms: float, type_: str, customer: str, source: str = "urn:shop", **fields) -> dict:
    """One touchpoint, with an id of its own."""
    return {
        "event_id": f"{type_}-{customer}-{at_ms:.0f}", "source": source, "type": type_,
        "customer_id": customer, "occurred_at": round(at_ms), **fields,
    }  # fmt: skip


def beats(hours: float) -> dict:
    """The helpdesk is there."""
    return touchpoint(MONDAY_MS + hours * HOUR_MS, "source.heartbeat", "heartbeat", "urn:helpdesk")


def browses(at_ms: float) -> list[dict]:
    """Time passes in both partitions."""
    return [
        touchpoint(at_ms, "marketing.engaged", customer, campaign="spring", action="click")
        for customer in HERE_AND_THERE
    ]


async def told_on(place: Deployment, kind: str) -> int:
    """How many records about this the partitions have been told by workers."""
    log = await read_all(place.settings, place.touchpoints)
    ours = [r for r in log if any(name == internal.HEADER for name, _ in r.headers)]
    return sum(json.loads(record.value)["type"].startswith(kind) for record in ours)


async def alerts(place: Deployment, family: str, kind: str, customer: str) -> list[dict]:
    """Alerts of a kind about a customer."""
    said = await read_all(place.settings, place.settings.topic(f"alerts.{family}.v1"))
    told = [json.loads(record.value) for record in said]
    return [one for one in told if one["kind"] == kind and one["customer_id"] == customer]


def test_while_a_producer_is_down_no_partition_makes_up_absences(kafka, tmp_path):
    """The helpdesk's heartbeats lie in one partition. It is silent for ten hours in which two
    deadlines pass, one in each; a worker is killed in the midst. Who was answered in time, as the
    backlog tells, is not spoken of; who was not is, once the helpdesk is back."""
    chosen = tmp_path / "policy.toml"
    chosen.write_text(AROUND_THE_CLOCK)

    def asks(customer: str) -> dict:
        return touchpoint(
            MONDAY_MS, "case.opened", customer, case_id=f"s-{customer}", channel="email",
            direction="inbound", reason={"l1": "billing"},
        )  # fmt: skip

    answer = touchpoint(
        MONDAY_MS + 23 * HOUR_MS, "case.response_sent", ANSWERED, "urn:helpdesk", kind="human",
        case_id=f"s-{ANSWERED}", substantive=True, next_step=True, eta=MONDAY_MS + 90 * 24 * HOUR_MS,
    )  # fmt: skip

    async def story(place: Deployment) -> None:
        first = place.start("tests.live.real_worker", THROUGHLINE_DIE_AT="journeys.acked:4")
        await publish(place, [beats(-1), asks(ANSWERED), asks(FORGOTTEN)])
        await publish(place, [beats(hours) for hours in range(1, 21)])

        async def known_everywhere() -> bool:
            return await told_on(place, "source.beat") >= 21

        assert await asyncio.to_thread(first.wait, 120) == -signal.SIGKILL
        second = place.start("tests.live.real_worker")
        await eventually(known_everywhere, 120)
        for hours in range(21, 31):
            await publish(place, browses(MONDAY_MS + hours * HOUR_MS))
        await publish(place, [answer, beats(31)])

        async def back_everywhere() -> bool:
            return await told_on(place, "source.beat") >= 22

        await eventually(back_everywhere, 60)
        await publish(place, browses(MONDAY_MS + 33 * HOUR_MS))

        async def judged() -> bool:
            return bool(await alerts(place, "friction", "unanswered_inquiry", FORGOTTEN))

        await eventually(judged, 60)
        assert await asyncio.to_thread(terminate, second) == 0
        (said,) = await alerts(place, "friction", "unanswered_inquiry", FORGOTTEN)
        assert said["action"] == "trigger" and "not heard" not in said["reason"]["text"]
        assert await alerts(place, "friction", "unanswered_inquiry", ANSWERED) == []

    with deployed(kafka.bootstrap, tmp_path, policy=chosen, **SETTINGS) as place:
        asyncio.run(story(place))


def test_members_of_an_incident_page_nobody_in_any_partition(kafka, tmp_path):
    """Five ordinary Mondays and one with an outage: the second stage tells both partitions, and who
    then comes back about it is told of as suppressed, with the incident's id."""
    nine_ms = MONDAY_MS + 5 * WEEK_MS + 9 * HOUR_MS

    def calls(customer: str, at_ms: float) -> dict:
        return touchpoint(
            at_ms, "contact.started", customer, channel="phone", direction="inbound",
            contact_id=f"k-{customer}-{at_ms:.0f}", reason={"l1": "product", "l2": "outage"},
        )  # fmt: skip

    async def story(place: Deployment) -> None:
        for week in range(5):
            monday_ms = MONDAY_MS + week * WEEK_MS
            ordinary = [calls(f"c-{week}-{n}", monday_ms + 9 * HOUR_MS + n) for n in range(3)]
            await publish(place, [*ordinary, *browses(monday_ms + 13 * HOUR_MS)])
        await publish(place, [calls(f"m-{n}", nine_ms + n * 60_000) for n in range(30)])
        worker = place.start("tests.live.real_worker")
        passed_h = count(1.25, 0.002)  # that hour is over, the next one is not

        async def known_everywhere() -> bool:
            await publish(place, browses(nine_ms + next(passed_h) * HOUR_MS))
            return await told_on(place, "cohort.incident") >= 2

        await eventually(known_everywhere, 120)
        members = [id_in(partition, number=40) for partition in (0, 1)]
        for n in range(4):
            await publish(place, [calls(m, nine_ms + (1.5 + n / 10) * HOUR_MS) for m in members])
        for member in members:

            async def said(member: str = member) -> bool:
                return bool(await alerts(place, "effort", "repeat_contact", member))

            await eventually(said, 60)
        assert await asyncio.to_thread(terminate, worker) == 0
        incidents = set()
        for member in members:
            first, *_ = await alerts(place, "effort", "repeat_contact", member)
            assert (first["action"], first["suppressed_reason"]) == ("suppress", "inhibited_by")
            incidents.add(first["incident_id"])
        found = await read_all(place.settings, place.settings.topic("alerts.systemic.v1"))
        about = [json.loads(r.value) for r in found if b"reason=product/outage" in r.value]
        assert incidents == {one["alert_id"] for one in about}

    with deployed(kafka.bootstrap, tmp_path, **SETTINGS) as place:
        asyncio.run(story(place))
