"""The guard: every reason not to reach out, by name, and when it ends."""

import pytest

from tests.engine.outreach.telling import (
    NOON_H,
    answer,
    counted,
    left,
    reachable,
    trouble,
)

QUIET = {"quiet_from": "20:00", "quiet_to": "08:00", "quiet_days": ("sunday",)}


def why(story):
    """What the latest alert says of its outreach, and before when there is none."""
    alert = story.alerts[-1]
    return alert["outreach"], alert["do_not_contact_before"]


def late(story, about="o-1"):
    """Something the customer needs to be told: a service notice."""
    return story.tell("order.delayed", order_id=about)


# Consent


@pytest.mark.parametrize("status", ["denied", "revoked", None])
def test_without_consent_nobody_is_reached_out_to(status):
    """Denied, revoked or never given: dropped, not held."""
    story = reachable(consent=False)
    if status:
        story.tell("consent.changed", purpose="marketing", status=status)

    assert why(trouble(story)) == ("dropped.no_consent", None)
    assert left(story) == []
    assert counted(story) == {"outreach.dropped.no_consent": 1}


def test_consent_for_something_else_is_none():
    """It is asked per purpose."""
    story = reachable(consent=False)
    story.tell("consent.changed", purpose="analytics", status="granted")

    assert why(trouble(story))[0] == "dropped.no_consent"


def test_consent_revoked_while_it_waits_drops_it():
    """It is asked again when it would leave."""
    story = trouble(trouble(reachable()), "b")
    story.tell("consent.changed", purpose="marketing", status="revoked")
    answer(story, "responded")

    assert left(story) == ["0 h · offer · probe · a"]
    assert counted(story)["outreach.dropped.no_consent"] == 1


def test_a_service_notice_needs_no_consent_unless_the_policy_says_so():
    """What the customer must know they are told; a company may ask for consent all the same."""
    assert left(late(reachable(consent=False))) == ["0 h · offer · notice · o-1"]
    assert left(late(reachable(consent=False, notice_consent="service"))) == []


# Zone and quiet hours


@pytest.mark.parametrize("zone", [None, "Mars/Olympus"])
def test_without_a_known_zone_it_is_held(zone):
    """Nobody guesses what time it is there; when it becomes known, it leaves."""
    story = trouble(reachable(zone=zone))
    assert why(story) == ("held.no_timezone", None)

    story.after(hours=2).contact(channel="email", timezone="Europe/Berlin")
    assert left(story) == ["2 h · offer · probe · a"]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Europe/Berlin", 7), ("America/Sao_Paulo", 11), ("Asia/Kolkata", 2.5), ("Asia/Tokyo", 0)],
)
def test_quiet_hours_are_the_customers_own(zone, hours):
    """At midnight UTC it leaves when it is 08:00 there: in Tokyo, where it is nine, at once."""
    story = trouble(reachable(zone=zone, **QUIET)).quiet(hours=20)

    assert left(story) == [f"{hours:.4g} h · offer · probe · a"]


def test_the_alert_says_until_when_it_is_quiet():
    """For whoever else would call."""
    assert why(trouble(reachable(**QUIET))) == ("held.quiet_hours", "2026-01-01T07:00:00.000Z")


def test_a_quiet_day_is_quiet_throughout():
    """Saturday evening in Berlin: on Monday at eight."""
    story = trouble(reachable(**QUIET).after(days=2, hours=20)).quiet(days=3)

    assert left(story) == [f"{4 * 24 + 7} h · offer · probe · a"]


def test_the_offer_names_the_next_quiet_hours():
    """So that a service which is slow does not call into them."""
    from tests.engine.outreach.telling import candidates

    offer = candidates(trouble(reachable(**QUIET).after(hours=NOON_H)))[0]
    assert (offer["quiet_from"], offer["quiet_to"]) == (
        "2026-01-01T19:00:00.000Z",
        "2026-01-02T07:00:00.000Z",
    )


def test_quiet_hours_hold_for_service_notices_too():
    """Nobody is woken by good manners."""
    assert left(late(reachable(**QUIET)).quiet(hours=20)) == ["7 h · offer · notice · o-1"]


# Cap and cool-down


def test_two_a_week_over_all_detectors():
    """The third waits until the first is a week old, unless that takes longer than it may wait."""
    story = reachable(wait_h=200)
    for about in "abc":
        answer(trouble(story, about), "responded")
    assert why(story) == ("held.cap", "2026-01-08T00:00:00.000Z")

    story.quiet(days=8)
    assert left(story)[2:] == [f"{7 * 24} h · offer · probe · c"]


@pytest.mark.parametrize(("cap", "offers"), [("none", 3), (1, 1), (0, 0)])
def test_a_cap_may_be_none_or_block(cap, offers):
    """ "none" for no cap; 0 lets nobody be persuaded, and drops instead of holding."""
    story = reachable(cap=cap)
    for about in "abc":
        trouble(story, about)
        if left(story):
            answer(story, "responded")

    assert len(left(story)) == offers
    assert counted(story).get("outreach.dropped.blocked", 0) == (3 if cap == 0 else 0)


def test_service_notices_neither_use_nor_mind_the_cap():
    """Two notices, then persuasion once, then a notice: with a cap of one."""
    story = reachable(cap=1)
    for number in range(2):
        answer(late(story, f"o-{number}"), "sent")
    answer(trouble(story), "responded")
    late(story, "o-9")

    assert [line.split(" · ")[2] for line in left(story)] == ["notice", "notice", "probe", "notice"]
    assert left(late(reachable(cap=0))) == ["0 h · offer · notice · o-1"]


def test_who_reached_out_unasked_used_up_the_cap():
    """It was the customer's second this week, whoever had the idea."""
    story = reachable(cap=1).tell("outreach.sent", alert_id="elsewhere")
    trouble(story)

    assert why(story)[0] == "held.cap"
    assert counted(story)["outreach.sent_unasked"] == 1


@pytest.mark.parametrize(
    ("did", "fields"), [("declined", {}), ("responded", {"reason_code": "annoyed"})]
)
def test_after_a_bad_answer_there_is_a_cool_down(did, fields):
    """A month without persuasion; service notices go on."""
    story = answer(trouble(reachable(wait_h=1000)), did, **fields)
    trouble(story, "b")
    assert why(story) == ("held.cool_down", "2026-01-31T00:00:00.000Z")
    assert left(late(story))[1:] == ["0 h · offer · notice · o-1"]

    answer(story, "sent").quiet(days=31)
    assert left(story)[2:] == [f"{30 * 24} h · offer · probe · b"]


def test_a_good_answer_cools_nothing():
    """The next may come, within the cap."""
    story = trouble(answer(trouble(reachable()), "responded", reason_code="thanks"), "b")

    assert why(story)[0] == "offered"


# A contact that is going on


def test_never_during_a_contact():
    """It leaves when the contact is over."""
    story = reachable().contact()
    trouble(story.after(minutes=2))
    assert why(story)[0] == "held.live_contact"

    story.after(minutes=28).tell("contact.ended", contact_id="k-1", outcome="pending")
    assert left(story) == ["0.5 h · offer · probe · a"]


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("contact.abandoned", {"wait_s": 600}),
        ("ivr.segment_ended", {"duration_s": 60, "exit": "hangup"}),
    ],
)
def test_who_gave_up_is_not_on_the_phone(type_, fields):
    """Abandoned in the queue or hung up in the menu: now is the time to call."""
    story = trouble(reachable().contact()).after(minutes=10)
    story.tell(type_, contact_id="k-1", **fields)

    assert len(left(story)) == 1


def test_a_contact_whose_end_nobody_told_is_over_some_time():
    """Four hours after it was last heard of."""
    story = trouble(reachable().contact()).after(hours=1)
    story.tell("contact.answered", contact_id="k-1", wait_s=1).quiet(hours=9)

    assert left(story) == ["5 h · offer · probe · a"]


@pytest.mark.parametrize("how", [{"channel": "email"}, {"medium": "paper"}])
def test_a_letter_is_no_contact_that_goes_on(how):
    """Nobody waits at the other end."""
    assert len(left(trouble(reachable().contact(**how)))) == 1


def test_an_end_heard_before_its_beginning_is_an_end():
    """Out of order: the contact is not going on."""
    story = reachable().after(hours=1)
    story.tell("contact.ended", contact_id="k-1", outcome="pending")
    story.contact(contact_id="k-1", occurred_at=story.now_ms - 600_000)

    assert len(left(trouble(story))) == 1
