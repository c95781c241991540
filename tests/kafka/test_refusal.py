"""Refusals: three lines a person can act on, and no secret in them."""

import pytest

from streams.kafka.refusal import Refusal, masked, unexpected


def test_a_refusal_is_what_why_and_what_to_do():
    """Named, in three lines, with the exit code of the process."""
    refusal = Refusal("no_broker", "Nobody answers.", "Refused.", "Start one.", code=3)
    assert refusal.lines() == "no_broker: Nobody answers.\n  why: Refused.\n  do:  Start one."
    assert refusal.code == 3


@pytest.mark.parametrize(
    "text",
    [
        "cannot reach kafka://worker:hunter2@host:9092",
        "sasl_plain_password='hunter2'",
        "password=hunter2 was wrong",
        "token: hunter2",
    ],
)
def test_secrets_are_masked(text):
    """Whatever a library puts into its error text."""
    assert "hunter2" not in masked(text) and "****" in masked(text)
    assert "hunter2" not in unexpected("Starting", RuntimeError(text)).lines()


def test_ordinary_text_is_left_alone():
    """Only what looks like a secret goes."""
    assert masked("offset 12 of cx.touchpoints.v1[3]") == "offset 12 of cx.touchpoints.v1[3]"
