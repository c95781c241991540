"""``throughline outreach effect`` and ``throughline alerts precision``: what came of it, in figures."""

import json

import pytest

from streams.cli.precision import precision

SEEN = {
    "started_at": "2026-01-01T00:00:00Z", "kind": "probe", "measure": "churn", "horizon_d": 30,
}  # fmt: skip


def observations(treat: float, hold_out: float, n: int = 100) -> str:
    """So many in each arm, of whom such shares left."""
    told = [
        {**SEEN, "alert_id": f"{arm}-{i}", "arm": arm, "value": float(i < share * n)}
        for arm, share in (("treat", treat), ("hold_out", hold_out))
        for i in range(n)
    ]
    return "".join(json.dumps(one) + "\n" for one in told)


@pytest.mark.parametrize(
    ("treat", "hold_out", "verdict"),
    [(0.05, 0.40, "helps"), (0.40, 0.05, "harms"), (0.30, 0.32, "inconclusive")],
)
def test_the_effect_is_told_with_its_interval(throughline, tmp_path, treat, hold_out, verdict):
    """Both shares with their n, the difference, the interval, the verdict."""
    file = tmp_path / "observed.jsonl"
    file.write_text(observations(treat, hold_out))
    told = json.loads(throughline("outreach", "effect", file, "--kind", "probe", "--json").out)

    assert (told["treat_n"], told["hold_out_n"], told["verdict"]) == (100, 100, verdict)
    assert told["low"] < told["difference"] < told["high"]
    assert verdict in throughline("outreach", "effect", file).out.decode()


def test_without_observations_it_says_so(throughline, tmp_path):
    """Nothing is no error."""
    file = tmp_path / "observed.jsonl"
    file.write_text("")

    assert "Nothing was observed yet" in throughline("outreach", "effect", file).out.decode()


@pytest.mark.parametrize("line", ["?", "[]", '{"alert_id": "a"}'])
def test_what_is_no_observation_is_named(throughline, tmp_path, line):
    """File and line, and how to make one."""
    file = tmp_path / "observed.jsonl"
    file.write_text(line + "\n")
    refused = throughline("outreach", "effect", str(file))

    assert refused.code == 2
    assert "line 1" in refused.err and "--outreach-outcomes" in refused.err


def alert(name: str, action: str, kind: str = "probe", useful: bool | None = None) -> dict:
    """One step of an episode, as far as it matters here."""
    return {"alert_id": name, "action": action, "kind": kind, "useful": useful}


def test_precision_counts_alerts_and_not_words():
    """Raised once however often told; the last word on an alert is what people think of it."""
    said = [alert(name, "trigger") for name in ("a", "b", "c", "a")]
    said += [alert("a", "resolve", useful=False), alert("a", "acknowledge", useful=True)]
    said += [alert("b", "resolve", useful=False), alert("c", "acknowledge")]
    (one,) = precision(said)

    assert (one.raised, one.useful, one.wrong, one.precision) == (3, 1, 1, 0.5)
    assert 0 < one.low < 0.5 < one.high < 1


def test_precision_of_what_nobody_judged_is_unknown():
    """No word is no praise."""
    (one,) = precision([alert("a", "trigger")])

    assert (one.precision, one.low, one.high) == (None, 0.0, 1.0)


def test_precision_is_told_per_detector(throughline, tmp_path):
    """From the alerts of a replay; where nobody said anything that is said."""
    said = [alert("a", "trigger"), alert("b", "trigger", kind="other")]
    said.append(alert("a", "resolve", useful=False))
    shape = {"severity": 3, "customer_id": "c", "dedupe_key": "c:k:", "reason": {"text": ""}}
    full = [shape | one for one in said]
    file = tmp_path / "alerts.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in full))
    told = throughline("alerts", "precision", "--file", str(file)).lines

    assert told[1].split()[:4] == ["other", "1", "0", "0"] and "nobody said" in told[1]
    assert told[2].split()[:4] == ["probe", "1", "0", "1"]
