"""Timestamps: topics that change or refuse the time of a record are named, with what mends it."""

import pytest

from streams.kafka.timestamps import oddity
from streams.kafka.topic_check import Found, Wanted
from streams.settings import Settings

SETTINGS = Settings(_env_file=None, partitions=4)
ALERTS = Wanted("cx.alerts.effort.v1", 4)
CHANGELOG = Wanted("throughline-journeys-changelog", 4, compact=True)
PORTIONS = Wanted("cx.metrics-deltas.v1", 4, by_arrival=True)
KAFKA = {
    "message.timestamp.type": "CreateTime",
    "message.timestamp.after.max.ms": "3600000",
    "message.timestamp.before.max.ms": "9223372036854775807",
}


@pytest.mark.parametrize("topic", [ALERTS, CHANGELOG])
@pytest.mark.parametrize("config", [KAFKA, {}])
def test_kafkas_own_settings_are_well(topic, config):
    """So are those the broker would not show."""
    assert oddity(SETTINGS, topic, Found(4, config)) is None


@pytest.mark.parametrize("topic", [ALERTS, CHANGELOG])
def test_the_brokers_clock_in_place_of_a_records_time_is_odd(topic):
    """LogAppendTime is named, and the command sets it back."""
    found = Found(4, KAFKA | {"message.timestamp.type": "LogAppendTime"})
    text, mend = oddity(SETTINGS, topic, found)
    assert "LogAppendTime" in text and topic.name in text
    assert mend.endswith(
        f"--entity-name {topic.name} --add-config message.timestamp.type=CreateTime"
    )


@pytest.mark.parametrize(
    ("name", "limit_ms"),
    [
        ("message.timestamp.after.max.ms", 60_000),
        ("message.timestamp.before.max.ms", 7 * 86_400_000),
    ],
)
def test_a_topic_narrower_than_what_touchpoints_may_carry_is_odd(name, limit_ms):
    """An alert carries the time of its cause; were it refused, its worker could not go on."""
    found = Found(4, KAFKA | {name: str(limit_ms)})
    text, mend = oddity(SETTINGS, ALERTS, found)
    assert f"{name}={limit_ms}" in text and name in mend
    assert oddity(SETTINGS, CHANGELOG, found) is None


@pytest.mark.parametrize("config", [KAFKA | {"message.timestamp.type": "LogAppendTime"}, {}])
def test_where_arrival_counts_the_brokers_clock_is_well(config):
    """Portions of a history told again are deleted by the time they came, not by the one they bear."""
    assert oddity(SETTINGS, PORTIONS, Found(4, config)) is None


def test_where_arrival_counts_the_records_own_time_is_odd():
    """As a broker makes the topic that makes topics by itself; the command sets it right."""
    text, mend = oddity(SETTINGS, PORTIONS, Found(4, KAFKA))
    assert "CreateTime" in text and PORTIONS.name in text
    assert mend.endswith(
        f"--entity-name {PORTIONS.name} --add-config message.timestamp.type=LogAppendTime"
    )
