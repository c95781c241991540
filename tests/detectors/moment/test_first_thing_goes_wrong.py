"""The first time that something goes wrong (MO2)."""

import pytest

from tests.detectors.moment.telling import DETECTED, MET, end, served
from tests.story import Story, policy_of, told

KIND = "first_thing_goes_wrong"


def wrong(type_="product.error", story=None, **fields):
    """Something goes wrong on Thursday at ten."""
    given = {
        "product.error": {"severity": 3, "feature": "export"},
        "order.delayed": {"order_id": "o-1"},
        "payment.failed": {"attempt_no": 1, "invoice_id": "v-1"},
        "onboarding.step_failed": {"step": "import"},
        "task.abandoned": {"task_kind": "payment", "error_code": "E1"},
    }.get(type_, {})
    story = story or Story(only=KIND).after(hours=10)
    return story.tell(type_, **{**given, **fields})


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("product.error", "error"),
        ("order.delayed", "late order"),
        ("payment.failed", "failed payment"),
        ("onboarding.step_failed", "failed onboarding step"),
        ("task.abandoned", "task given up after an error"),
        ("complaint.filed", "complaint"),
    ],
)
def test_the_first_of_them_is_told_at_once(type_, name):
    """Whatever it is, for information."""
    story = wrong(type_)

    assert told(story) == [DETECTED]
    text = story.alerts[0]["reason"]["text"]
    assert text == f"1st thing that goes wrong for this customer: {name}"


def test_a_bill_shock_is_one():
    """Told by its own detector, and the first thing that goes wrong."""
    story = Story(only=KIND)
    for number, amount_minor in enumerate((3000, 3000, 3000, 9000)):
        story.after(days=30).tell(
            "invoice.issued", invoice_id=f"v-{number}", amount_minor=amount_minor, currency="EUR",
            plan_changed=False,
        )  # fmt: skip

    assert told(story) == [DETECTED]
    assert story.alerts[0]["cause_class"] == "billing"


@pytest.mark.parametrize(
    "story",
    [
        wrong(severity=2),
        wrong("task.abandoned", error_code=None),
        Story(only=KIND).contact("how/to"),
        Story(only=KIND).tell("invoice.issued", invoice_id="v", amount_minor=1, currency="EUR"),
    ],
)
def test_what_is_not_wrong(story):
    """A small error, a basket left behind, a question, a bill."""
    assert told(story) == []


def test_only_the_first():
    """The second and the third, a year on, are others' to tell."""
    story = wrong(story=wrong().tell("notification.sent", proactive=True).after(days=300))

    assert told(wrong("complaint.filed", story).quiet(days=20)) == [DETECTED, MET]


OWED = policy_of(detectors={KIND: {"first_word_h": 48}})
"""The policy of a company that wants to write first."""


def test_nobody_says_a_word():
    """Silence is others' to tell, unless the policy asks for a first word within two days."""
    assert end(wrong()) == "standard_met"

    story = wrong(story=Story(OWED, only=KIND)).quiet(days=3)
    assert told(story) == [DETECTED, ("update", 4, "mishandled_follow_up")]
    assert story.alerts[1]["reason"]["text"] == (
        "48 h without a word from us, standard 48 h: the first thing that went wrong"
    )


@pytest.mark.parametrize(
    ("type_", "mended", "fields"),
    [
        ("payment.failed", "payment.succeeded", {"invoice_id": "v-1"}),
        ("order.delayed", "order.delivered", {"order_id": "o-1"}),
        ("onboarding.step_failed", "onboarding.step_completed", {"step": "import"}),
        ("task.abandoned", "task.completed", {"task_kind": "payment"}),
    ],
)
def test_it_mends_itself(type_, mended, fields):
    """It went through after all, the next day."""
    story = wrong(type_, Story(OWED, only=KIND)).after(days=1)

    assert end(story.tell(mended, **fields)) == "standard_met"


def test_something_else_mends():
    """The parcel arrived; the payment did not."""
    story = wrong("payment.failed", Story(OWED, only=KIND))
    story.tell("order.delivered", order_id="o-1")

    assert end(story) == "mishandled_follow_up"


def test_they_turn_to_us():
    """A call the same day, answered and solved: the first trouble was handled well."""
    assert end(served(wrong().after(hours=1).contact("product/export"))) == "standard_met"


def test_they_turn_to_us_and_nobody_is_there():
    """From their question on there are eight open hours."""
    story = wrong().after(hours=1).contact("product/export", channel="email").quiet(days=1)

    assert told(story)[-1] == ("update", 4, "mishandled_response")


def test_a_complaint_wants_an_answer():
    """They have turned to us already."""
    assert end(wrong("complaint.filed")) == "mishandled_response"


def test_which_errors_count_is_the_policys():
    """The gravest only."""
    policy = policy_of(detectors={KIND: {"error_severity": 4}})

    assert told(wrong(story=Story(policy, only=KIND))) == []


def test_a_crash_loses_nothing():
    """Nor that there was a first one."""
    story = wrong().crash().tell("notification.sent", proactive=True).quiet(days=20).crash()

    assert told(wrong(story=story).quiet(days=20)) == [DETECTED, MET]
