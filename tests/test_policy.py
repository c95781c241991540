"""Every judgement call stands in one file, and the file is checked word for word."""

import re
import tomllib
from dataclasses import fields

import pytest

from streams import catalogue, policy
from streams.engine import rules
from streams.engine.outreach_rules import OutreachRules
from streams.policy import PolicyError
from tests.story import policy_of

HOURS = {"zone": "Europe/Berlin", "monday": ["09:00-12:30", "13:00-24:00"], "sunday": []}


def uncommented() -> dict:
    """The policy file that comes with the program, with every setting's ``#`` taken away."""
    text = policy.DEFAULT.read_text("utf-8")
    return tomllib.loads(re.sub(r"(?m)^#(?=\S)", "", text))


def refusal(**table) -> str:
    """What is said of a policy that cannot be used."""
    with pytest.raises(PolicyError) as refused:
        policy_of(**table)
    return str(refused.value)


def as_table(table: dict) -> dict:
    """Everything in force under a table, but for its calendars."""
    return {**policy.from_table(table).as_table(), "calendars": {}}


def test_the_file_shows_every_default_as_it_is():
    """Taking every ``#`` away changes nothing: what the file says is what holds without it."""
    assert as_table(uncommented()) == policy.load().as_table()


@pytest.mark.parametrize(
    ("section", "of"),
    [
        ("effort", rules.EffortRules),
        ("time", rules.TimeRules),
        ("limits", rules.LimitRules),
        ("severity", rules.SeverityRules),
        ("promises", rules.PromiseRules),
        ("outreach", OutreachRules),
        ("scores", rules.ScoreRules),
        ("snapshots", rules.SnapshotRules),
    ],
)
def test_the_file_shows_every_key_of_a_section(section, of):
    """Nothing can be set that the file does not show."""
    told = uncommented()[section]

    assert set(told) == {field.name for field in fields(of)}
    if section == "effort":
        assert set(told["points"]) == {field.name for field in fields(rules.EffortPoints)}


def test_the_file_shows_every_threshold_of_the_detectors_it_names():
    """A detector is shown whole or not at all; a new one need not be shown to work."""
    shown = uncommented()["detectors"]
    everybody = (*catalogue.entries(), *catalogue.cohort_entries())
    thresholds = {entry.kind: set(entry.thresholds) for entry in everybody}

    assert {kind: set(table) - {"enabled"} for kind, table in shown.items()} == {
        kind: thresholds[kind] for kind in shown
    }
    assert len(shown) >= 17


def test_the_example_of_a_calendar_works():
    """The file's own office can be copied as it stands."""
    office = policy.from_table(uncommented()).rules.calendars["support"]

    assert office.day_ms == (4 * 9 + 8) * 3_600_000 / 5
    assert len(office.holidays) == 2


def test_what_is_in_force_is_a_policy_again():
    """The table of everything in force, read again, is in force again, calendars and all."""
    first = policy_of(
        calendars={"office": {**HOURS, "holidays": ["2026-12-25"]}},
        effort={"points": {"abandoned": 7}},
        severity={"tier_raised": ["1", "2"]},
        detectors={"unanswered_inquiry": {"calendar": "office", "target_h": {"email": 2}}},
    )
    again = policy.from_table(first.as_table())

    assert again.as_table() == first.as_table()
    assert again.rules == first.rules


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"colour": 1}, "colour: unknown key; known are version, effort"),
        ({"limits": {"seen": 1}}, "limits.seen: unknown key; known are seen_max"),
        (
            {"limits": {"seen_max": 0}},
            "limits.seen_max: Input should be greater than or equal to 1",
        ),
        ({"limits": 5}, "limits"),
        ({"effort": {"points": {"abandonded": 5}}}, "effort.points.abandonded: unknown key"),
        ({"effort": {"points": {"abandoned": -1}}}, "effort.points.abandoned"),
        ({"effort": []}, "effort: must be a table"),
        (
            {"owners": {"marketing": "x"}},
            "owners.marketing: unknown cause class; known are service_",
        ),
        ({"owners": {"billing": 3}}, "owners.billing: must name a team, not 3"),
        ({"owners": "billing"}, "owners: must be a table"),
        ({"detectors": {"bill_shok": {}}}, "detectors.bill_shok: no such detector"),
        (
            {"detectors": {"bill_shock": {"rate": 2}}},
            "detectors.bill_shock.rate: unknown key; it has",
        ),
        (
            {"detectors": {"bill_shock": {"ratio": 1}}},
            "detectors.bill_shock.ratio: Input should be",
        ),
        (
            {"detectors": {"unanswered_inquiry": {"target_h": {"email": 0}}}},
            "detectors.unanswered_inquiry.target_h.email: Input should be greater than 0",
        ),
        (
            {"detectors": {"onboarding_stall": {"calendar": "office"}}},
            "detectors.onboarding_stall.calendar: no calendar 'office'; there are 24x7, weekdays",
        ),
        (
            {"detectors": {"unanswered_inquiry": {"critical_calendar": "office"}}},
            "detectors.unanswered_inquiry.critical_calendar: no calendar 'office'",
        ),
        ({"outreach": {"cap": -1}}, "outreach.cap: Input should be greater than or equal to 0"),
        ({"outreach": {"hold_out": 2}}, "outreach.hold_out: Input should be less than"),
        ({"outreach": {"quiet_from": "8pm"}}, "outreach.quiet_from: must be a wall-clock time"),
        ({"outreach": {"never": ["x"]}}, "outreach.never: there is no 'x'; there are"),
        ({"outreach": {"quiet_days": ["sun"]}}, "outreach.quiet_days: there is no 'sun'"),
        (
            {"outreach": {"quiet_from": "00:00", "quiet_to": "24:00"}},
            "outreach.quiet_days: leaves no time to reach anybody",
        ),
    ],
)
def test_what_cannot_be_used_is_named(table, words):
    """An error says which key, what is wrong with it, and what there is instead."""
    assert words in refusal(**table)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"limits": {"seen_max": "48"}}, "limits.seen_max: must be a number, not '48'"),
        ({"effort": {"k": "30.0"}}, "effort.k: must be a number, not '30.0'"),
        ({"effort": {"points": {"abandoned": True}}}, "effort.points.abandoned: must be a number"),
        (
            {"severity": {"risk_factor": [0, 0, "0.1", 0, 0]}},
            "severity.risk_factor.2: must be a number, not '0.1'",
        ),
        (
            {"time": {"lateness_by_source_s": {"urn:x": "60"}}},
            "time.lateness_by_source_s.urn:x: must be a number",
        ),
        (
            {"detectors": {"bill_shock": {"ratio": "1.5"}}},
            "detectors.bill_shock.ratio: must be a number, not '1.5'",
        ),
        (
            {"detectors": {"unanswered_inquiry": {"target_h": {"email": "2"}}}},
            "detectors.unanswered_inquiry.target_h.email: must be a number, not '2'",
        ),
    ],
)
def test_what_only_looks_like_a_number_is_refused(table, words):
    """A figure in quotes is a slip of the pen; a truth value is no figure. Whole numbers may stand
    for fractions, and texts for texts."""
    assert words in refusal(**table)
    assert policy_of(effort={"k": 30}, severity={"tier_raised": ["1"]})


@pytest.mark.parametrize(
    ("office", "words"),
    [
        ({"zone": "Europe/Berlin"}, "calendars.office: is never open; give it hours, e.g. monday"),
        ({"monday": ["09:00-17:00"]}, "calendars.office.zone: must name a time zone"),
        ({**HOURS, "zone": "Europe/Belrin"}, "unknown time zone 'Europe/Belrin'; did you mean"),
        ({**HOURS, "zone": "nowhere at all"}, "write an IANA name"),
        ({**HOURS, "zone": "../../etc/passwd"}, "unknown time zone"),
        ({**HOURS, "funday": []}, "calendars.office.funday: unknown key; known are zone, monday"),
        ({**HOURS, "friday": "09:00-17:00"}, "calendars.office.friday: must be a list of hours"),
        ({**HOURS, "friday": ["9-17"]}, "calendars.office.friday: '9-17' is no opening time"),
        ({**HOURS, "friday": ["17:00-09:00"]}, "'17:00-09:00' is no opening time"),
        ({**HOURS, "friday": ["09:00-24:01"]}, "'09:00-24:01' is no opening time"),
        ({**HOURS, "friday": [900]}, "900 is no opening time"),
        ({**HOURS, "friday": ["09:00-12:00", "11:00-17:00"]}, "'11:00-17:00' begins before"),
        (
            {**HOURS, "holidays": ["25.12.2026"]},
            "holidays: '25.12.2026' is no day of the form YYYY-",
        ),
        ({**HOURS, "holidays": "2026-12-25"}, "holidays: must be a list of days"),
        (5, "calendars.office: must be a table"),
    ],
)
def test_opening_hours_that_cannot_be_used_are_named(office, words):
    """A calendar's errors name the day and show how it is written."""
    assert words in refusal(calendars={"office": office})


@pytest.mark.parametrize("name", ["24x7", "weekdays"])
def test_built_in_calendars_cannot_be_redefined(name):
    """A deadline that says ``24x7`` means it."""
    assert refusal(calendars={name: HOURS}) == f"calendars.{name}: is built in; choose another name"


def test_holidays_may_be_days_of_toml_itself():
    """TOML knows dates; a time on one is refused."""

    def office(day: str) -> dict:
        return tomllib.loads(f'zone = "UTC"\nmonday = ["09:00-17:00"]\nholidays = [{day}]')

    assert policy_of(calendars={"office": office("2026-12-25")}).rules.calendars["office"].holidays
    assert "is no day" in refusal(calendars={"office": office("2026-12-25T00:00:00")})


def test_a_table_of_thresholds_is_changed_entry_by_entry():
    """Naming one channel leaves the targets of the others."""
    changed = policy_of(detectors={"unanswered_inquiry": {"target_h": {"email": 2}}}).as_table()
    targets = changed["detectors"]["unanswered_inquiry"]["target_h"]

    assert (targets["email"], targets["social"]) == (2, 4)


def test_a_detector_can_be_left_out():
    """``enabled = false`` asks a question no more."""
    kinds = {q.kind for q in policy_of(detectors={"bill_shock": {"enabled": False}}).questions}

    assert {q.kind for q in policy.load().questions} - kinds == {"bill_shock"}


@pytest.mark.parametrize("version", [None, "", 3])
def test_a_policy_has_a_name(version):
    """Alerts name the policy they were made under, so it must have one."""
    with pytest.raises(PolicyError, match="version: must be a non-empty string"):
        policy.from_table({} if version is None else {"version": version})


def test_two_policies_never_share_a_label():
    """The label follows every change of what is in force: thresholds, owners, hours, zones.

    Requirement: S0-13
    """
    office = {"calendars": {"office": HOURS}}
    elsewhere = {"calendars": {"office": {**HOURS, "zone": "Asia/Tokyo"}}}
    changes = [
        {},
        {"detectors": {"bill_shock": {"ratio": 1.6}}},
        {"owners": {"billing": "money"}},
        {"limits": {"seen_max": 49}},
        office,
        elsewhere,
        {"detectors": {"bill_shock": {"enabled": False}}},
    ]
    labels = [policy_of(**change).rules.label for change in changes]

    assert len(set(labels)) == len(changes)
    assert labels[0] == policy_of().rules.label
    assert all(label.startswith("test+") for label in labels)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    """Missing, not TOML, or wrong inside: the error begins with the path."""
    missing, torn, wrong = (tmp_path / name for name in ("missing.toml", "torn.toml", "wrong.toml"))
    torn.write_text("version = ")
    wrong.write_text('version = "1"\n[limits]\nseen_max = 0\n')

    for path in (missing, torn, wrong):
        with pytest.raises(PolicyError, match=re.escape(str(path))):
            policy.load(path)
