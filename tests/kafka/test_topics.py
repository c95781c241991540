"""Topics: which there are, and what is said when one is not as it must be."""

import pytest

from streams.kafka.refusal import Refusal
from streams.kafka.topic_check import Found, Wanted, check
from streams.kafka.topics import changelog_of, wanted
from streams.settings import Settings

SETTINGS = Settings(_env_file=None, partitions=4)
CHANGELOG = Wanted("throughline-journeys-changelog", 4, compact=True)
FIT = {"cleanup.policy": "compact", "max.message.bytes": "9000000"}


def test_each_changelog_is_as_wide_as_its_source():
    """A source of three partitions has a progress topic of three."""
    topics = {t.name: t for t in wanted(SETTINGS, {"team.billing": 3})}
    assert topics["throughline-journeys-changelog"] == CHANGELOG
    assert topics["throughline-team.billing-progress"].partitions == 3
    assert topics["cx.touchpoints.v1"] == Wanted("cx.touchpoints.v1", 4)
    compacted = {name for name, topic in topics.items() if topic.compact}
    assert compacted == changelogs() | {"cx.journeys.v1"}


def changelogs() -> set[str]:
    """The compacted ones."""
    sources = ("cx.touchpoints.v1", "cx.feedback.v1", "cx.metrics-deltas.v1", "team.billing")
    return {changelog_of(SETTINGS, source) for source in sources}


def test_snapshots_are_compacted_and_come_one_by_one():
    """The last one of each customer is kept; no batch of ours needs a larger limit for them."""
    topic = {t.name: t for t in wanted(SETTINGS, {})}["cx.journeys.v1"]
    assert topic == Wanted("cx.journeys.v1", 4, compact=True, batched=False)

    check(SETTINGS, topic, Found(4, FIT | {"max.message.bytes": "1000"}))
    with pytest.raises(Refusal, match=r"cleanup\.policy=delete"):
        check(SETTINGS, topic, Found(4, {"cleanup.policy": "delete"}))


def test_a_topic_as_it_should_be_passes():
    """Also one whose settings the broker would not show."""
    check(SETTINGS, CHANGELOG, Found(4, FIT))
    check(SETTINGS, CHANGELOG, Found(4, {}))
    check(SETTINGS, Wanted("cx.alerts.effort.v1", 4), Found(4, {"cleanup.policy": "delete"}))


@pytest.mark.parametrize(
    ("found", "name", "mend"),
    [
        (None, "topic_missing", "throughline topics create"),
        (Found(5, FIT), "topic_partitions", "THROUGHLINE_PARTITIONS=5"),
        (Found(4, FIT | {"cleanup.policy": "delete"}), "topic_not_compacted", "kafka-configs.sh"),
        (Found(4, FIT | {"cleanup.policy": "compact,delete"}), "topic_not_compacted", "compact"),
        (Found(4, FIT | {"max.message.bytes": "1000"}), "topic_batch_too_small", "4259840"),
    ],
)
def test_a_mismatch_says_how_to_mend_it(found, name, mend):
    """Named, with the command, and as "not ready"."""
    with pytest.raises(Refusal) as refusal:
        check(SETTINGS, CHANGELOG, found)
    assert (refusal.value.name, refusal.value.code) == (name, 3)
    assert mend in refusal.value.todo
