"""What a person sees of a stream, and of a single alert."""

import io
import json

from rich.console import Console

from streams import catalogue
from streams.console import words
from streams.console.tally import Tally
from streams.console.view import live_view
from tests.replay.test_timeline import telecom_call


def alerts() -> list[dict]:
    """Those of the telecom call, up to its end."""
    story = telecom_call().after(minutes=5)
    story.tell("contact.ended", contact_id="k-1", outcome="resolved", agent_says_resolved=True)
    return [json.loads(json.dumps(alert)) for alert in story.alerts]


def shown(tally: Tally, rows: int = 40, width: int = 160) -> list[str]:
    """The frame as plain text, line by line."""
    out = io.StringIO()
    Console(file=out, width=width).print(live_view(tally, "demo", 12.0, 12.0, rows))
    return out.getvalue().splitlines()


def test_frame_has_the_figures_and_the_latest_alerts() -> None:
    """Newest first, each with reason and action; figures above."""
    tally = Tally()
    tally.note_progress(0, 12_480, 12.0)
    told = alerts()
    for alert in told:
        tally.note_alert(alert, 12.0)
    lines = shown(tally)
    text = "\n".join(lines)
    assert "12,480" in text and "open episodes" in text
    raised = [alert for alert in told if alert["action"] != "resolve"][-1]
    assert raised["reason"]["text"] in text
    assert f"→ {raised['suggested_action']}" in text
    assert text.index(told[-1]["kind"] + " effort") < text.index("cumulative_effort effort")


def test_frame_fits_the_terminal() -> None:
    """However many alerts of however many kinds: no more rows than there are, no broken lines."""
    tally = Tally()
    for entry in catalogue.entries():
        for alert in alerts():
            tally.note_alert({**alert, "kind": entry.kind}, 12.0)
    for rows in (24, 40):
        assert len(shown(tally, rows, width=80)) <= rows


def test_frame_before_anything_happened() -> None:
    """No figures yet is dashes and noughts, not an error."""
    assert any("nothing to say yet" in line for line in shown(Tally()))


def test_alert_in_one_line() -> None:
    """When, who, what, how bad, why, what to do; when it is over, why."""
    told = alerts()
    first = words.line(told[0])
    assert first == (
        "2026-01-01 00:40 ▲ c-1  wait_excess  high  effort 32  "
        "40 minutes in menus, queues and on hold about one issue  "
        "→ Call back at a time the customer picks, with the right person already there"
    )
    over = next(alert for alert in told if alert["action"] == "resolve")
    assert words.line(over).endswith("over: issue resolved")


def test_alert_says_who_took_it_on() -> None:
    """A person's name stands with what they did."""
    taken = {**alerts()[0], "action": "acknowledge", "by": "ana"}
    assert "✔ c-1" in words.line(taken) and "by ana" in words.line(taken)
    said = {**taken, "reason": {**taken["reason"], "text": "acknowledged by ana"}}
    assert words.line(said).count("by ana") == 1


def test_suppressed_alert_says_why_it_was_kept_quiet() -> None:
    """The reason of the silence comes first."""
    quiet = {**alerts()[0], "action": "suppress", "suppressed_reason": "cap"}
    assert "kept quiet (cap): " in words.line(quiet)
