"""Candidates: who is reached out to, in which order, and what becomes of those who are not.

Requirement: S1-26 S2-17
"""

from schemas.outreach import OutreachCandidate
from tests.engine.outreach.telling import (
    answer,
    candidates,
    counted,
    left,
    observed,
    reachable,
    trouble,
)
from tests.engine.probe import people

HOUR_MS = 3_600_000


def late(story, about="o-1"):
    """Something the customer needs to be told."""
    return story.tell("order.delayed", order_id=about)


def fates(story):
    """What each alert says of the outreach it suggests."""
    return [(a["action"], a["arm"], a["outreach"]) for a in story.alerts]


def test_an_alert_leads_to_an_offer():
    """With everything the service needs, as promised; the alert says so too."""
    story = trouble(reachable())

    assert left(story) == ["0 h · offer · probe · a"]
    assert fates(story) == [("trigger", "treat", "offered")]
    sent = next(send for send in story.house.sends if send.topic == "outreach.v1")
    offer = OutreachCandidate.model_validate_json(sent.value, extra="forbid")
    assert offer.alert_id == story.alerts[0]["alert_id"]
    assert offer.suggested_action == "Look at the probe"
    assert offer.outreach_class == "persuasion"
    assert offer.expires_at - offer.offered_at == 24 * HOUR_MS


def test_what_is_not_serious_enough_suggests_nothing():
    """Severity 2 is for the desk, not for the customer; from where on is policy."""
    assert fates(trouble(reachable(), severity=2)) == [("trigger", None, None)]
    assert left(trouble(reachable(severity_min=2), severity=2)) == ["0 h · offer · probe · a"]


def test_some_detectors_never_suggest_it():
    """Named in the policy."""
    assert fates(trouble(reachable(never=("probe",)))) == [("trigger", None, None)]


def test_what_people_are_not_told_the_customer_is_not_told():
    """An alert kept quiet by the day's cap suggests nothing, and history nothing at all."""
    assert left(trouble(reachable(), origin="backfill")) == []


def test_one_at_a_time():
    """The second waits until the first was answered."""
    story = trouble(trouble(reachable()), "b").after(hours=2)
    assert left(story) == ["0 h · offer · probe · a"]
    assert fates(story)[1] == ("trigger", "treat", "held.another_open")

    answer(story, "responded")
    assert left(story)[1:] == ["2 h · offer · probe · b"]


def test_what_was_not_answered_makes_way_when_it_expires():
    """To the minute, by itself."""
    story = trouble(trouble(reachable()), "b").quiet(days=5)

    assert left(story) == ["0 h · offer · probe · a", "24 h · offer · probe · b"]
    assert counted(story)["outreach.expired"] == 2


def test_the_most_important_goes_first():
    """Of those that wait the most severe, whatever came first."""
    story = trouble(trouble(trouble(reachable()), "b", 3), "c", 4).after(hours=1)
    answer(story, "responded")

    assert left(story)[1:] == ["1 h · offer · probe · c"]


def test_service_notices_go_before_persuasion():
    """What the customer needs to know comes first, and does not use up the cap."""
    story = late(trouble(trouble(reachable()), "b", 4)).after(hours=1)
    answer(story, "responded")
    assert left(story)[1:] == ["1 h · offer · notice · o-1"]

    answer(story, "sent")
    assert left(story)[2:] == ["1 h · offer · probe · b"]


def test_a_notice_asks_nothing_so_sending_it_ends_it():
    """The next need not wait for an answer; with persuasion it does."""
    notice = trouble(answer(late(reachable()), "sent"))
    asked = trouble(answer(trouble(reachable()), "sent"), "b")

    assert left(notice)[1:] == ["0 h · offer · probe · a"]
    assert left(asked)[1:] == []


def test_the_same_alert_is_not_offered_twice_while_its_offer_stands():
    """A rise is told on the alert; the service has the offer already."""
    story = trouble(trouble(reachable()), severity=4)

    assert left(story) == ["0 h · offer · probe · a"]
    assert fates(story)[1] == ("update", "treat", "offered")


def test_what_is_over_is_withdrawn():
    """Dismissed, or solved by itself: an offer not yet taken up is taken back, with the reason."""
    story = people(trouble(reachable()), "dismissed")

    assert [(c["step"], c["why"]) for c in candidates(story)] == [
        ("offer", None),
        ("withdraw", "dismissed_by_people"),
    ]


def test_what_was_sent_is_not_withdrawn():
    """It cannot be unsaid."""
    story = answer(trouble(reachable()), "sent")
    people(story, "resolved")

    assert left(story) == ["0 h · offer · probe · a"]


def test_what_waits_and_is_over_never_leaves():
    """The second was solved while the first was open."""
    story = trouble(trouble(reachable()), "b")
    people(story, "resolved")
    answer(story, "responded")

    assert left(story) == ["0 h · offer · probe · a"]
    assert counted(story)["outreach.dropped.episode_over"] == 1


def test_a_snoozed_one_waits_until_the_snooze_ends():
    """Whoever puts the alert off puts the outreach off."""
    story = trouble(trouble(reachable()), "b")
    people(story, "snoozed", until=story.now_ms + 5 * HOUR_MS)
    answer(story, "responded").quiet(hours=6)

    assert left(story)[1:] == ["5 h · offer · probe · b"]


def test_waiting_has_an_end():
    """After three days it is dropped, by name."""
    story = trouble(reachable(zone=None)).quiet(days=4)

    assert left(story) == []
    assert counted(story) == {
        "outreach.held.no_timezone": 1,
        "outreach.dropped.waited_too_long": 1,
    }


def test_only_so_many_wait():
    """Four: the least important is dropped, by name."""
    story = reachable(zone=None)
    for number, severity in enumerate((3, 4, 4, 4, 4)):
        trouble(story, str(number), severity)

    assert counted(story)["outreach.dropped.displaced"] == 1
    story.after(hours=1).tell("visit.recorded", location="shop", timezone="Europe/Berlin")
    assert left(story) == ["1 h · offer · probe · 1"]


def test_what_the_service_did_not_send_makes_way():
    """Said so, it frees the place at once and does not count against the cap."""
    story = reachable(cap=1)
    answer(trouble(story), "suppressed", reason_code="no_number")
    trouble(story.after(hours=1), "b")

    assert left(story) == ["0 h · offer · probe · a", "1 h · offer · probe · b"]


def test_an_answer_to_another_alert_ends_nothing():
    """The open offer stays open."""
    story = trouble(trouble(reachable()), "b")
    story.tell("outreach.responded", alert_id="another")

    assert left(story) == ["0 h · offer · probe · a"]


def test_an_answer_may_name_the_dedupe_key():
    """As feedback may."""
    story = trouble(trouble(reachable()), "b").after(hours=1)
    story.tell("outreach.responded", dedupe_key="c-1:probe:a")

    assert left(story)[1:] == ["1 h · offer · probe · b"]


def test_history_releases_nothing_and_the_present_does():
    """A backfill read while something waits changes nothing about it."""
    story = trouble(trouble(reachable()), "b").after(hours=1)
    answer(story, "responded", origin="backfill")
    assert left(story) == ["0 h · offer · probe · a"]

    story.quiet(hours=1)
    assert left(story)[1:] == ["1 h · offer · probe · b"]


# Left out to learn


def test_a_held_out_alert_is_told_to_people_and_not_to_the_customer():
    """The desk sees it as ever, with its arm; no candidate leaves."""
    story = trouble(reachable(hold_out=1.0))

    assert fates(story) == [("trigger", "hold_out", "hold_out")]
    assert left(story) == []
    assert counted(story) == {"outreach.hold_out": 1}


def test_a_rise_of_a_held_out_one_keeps_it_so_and_counts_it_once():
    """Its lot is drawn once an epoch."""
    story = trouble(trouble(reachable(hold_out=1.0)), severity=4)

    assert fates(story)[1] == ("update", "hold_out", "hold_out")
    assert counted(story) == {"outreach.hold_out": 1}


def test_severity_5_is_never_left_out():
    """Whatever its lot: a rise to 5 ends the hold-out, and the customer is reached out to."""
    story = trouble(reachable(hold_out=1.0))
    story.tell("customer.profile_changed", tier="1")
    trouble(story, severity=4)

    assert fates(story)[1] == ("update", "treat", "offered")
    assert left(story) == ["0 h · offer · probe · a"]


def test_who_complained_to_a_regulator_is_never_left_out():
    """For three months, whatever the alert is about; how long is policy."""
    story = trouble(reachable(hold_out=1.0), regulatory=True)
    assert fates(story) == [("trigger", "treat", "offered")]

    trouble(story.after(days=91), "b")
    assert fates(story)[1] == ("trigger", "hold_out", "hold_out")


def test_who_is_not_in_the_draw_is_not_observed():
    """Severity 5 is in neither arm: comparing it would say that outreach makes things worse."""
    drawn = trouble(reachable()).quiet(days=100)
    never = trouble(reachable(), regulatory=True).quiet(days=100)

    assert len(observed(drawn)) == 4
    assert observed(never) == []
