"""Which issue a touchpoint belongs to (catalogue section 4)."""

from tests.story import Story, journey_of


def issues_of(story):
    """Keys of the issues, with the contacts counted on each."""
    return {issue.key: issue.chain for issue in journey_of(story).issues}


def test_an_issue_named_by_its_id_comes_first():
    """The producer knows: its issue id beats the reason."""
    story = Story().contact(issue_id="7").contact(issue_id="7", reason="delivery/late")

    assert issues_of(story) == {"i:7": 2}


def test_contacts_about_one_reason_are_one_issue():
    """Product and reason name an issue when nothing better does; another product is another."""
    story = Story().contact().contact().contact(product_id="p")

    assert issues_of(story) == {"r:/billing/bill": 2, "r:p/billing/bill": 1}


def test_a_known_issue_gathers_whatever_the_reason():
    """A fault that is known by number is one issue."""
    story = Story().contact(known_issue_id="bug-1", reason="export/fails")
    story.contact(known_issue_id="bug-1", reason="import/fails")

    assert issues_of(story) == {"k:bug-1": 2}


def test_a_contact_about_a_case_is_about_its_issue():
    """The case knows what it is about."""
    story = Story().contact(case_id="s-1").contact(case_id="s-1", reason="something/else")

    assert issues_of(story) == {"r:/billing/bill": 2}


def test_linked_cases_are_one_issue():
    """Once somebody says that two cases are one, contacts about either are about the same."""
    story = Story().contact(case_id="s-1").contact(case_id="s-2", reason="delivery/late")
    story.tell("case.linked", case_id="s-2", to_case_id="s-1", relation="duplicate")
    story.contact(case_id="s-2", reason="delivery/late")

    assert issues_of(story)["r:/billing/bill"] == 2


def test_a_contact_without_a_reason_joins_the_only_open_issue():
    """If just one thing was going on in the last week, it is about that."""
    story = Story().contact().after(days=6).contact(reason=None)

    assert issues_of(story) == {"r:/billing/bill": 2}


def test_a_contact_without_a_reason_among_several_is_unclassified():
    """If two things are going on, it might be either: an issue of its own, for now."""
    story = Story().contact().contact(reason="delivery/late").after(days=1).contact(reason=None)

    assert issues_of(story) == {"r:/billing/bill": 1, "r:/delivery/late": 1, "u:k-3": 1}


def test_after_a_week_it_is_not_going_on_any_more():
    """Silent for more than seven days: the next contact without a reason is something else."""
    story = Story().contact().after(days=7.1).contact(reason=None)

    assert issues_of(story) == {"r:/billing/bill": 1, "u:k-2": 1}


def test_an_unclassified_issue_is_given_its_name_later():
    """The agent finds out what it is about: the same issue, with a name; the next one joins it."""
    story = (
        Story().contact(reason=None).tell("contact.answered", contact_id="k-1", reason="line/fault")
    )
    story.contact(reason="line/fault")

    assert issues_of(story) == {"u:k-1": 2}
    assert [issue.alias for issue in journey_of(story).issues] == ["r:/line/fault"]


def test_an_unclassified_contact_moves_to_the_issue_it_turns_out_to_be_about():
    """What was gathered under it moves along: contacts, waits, requests, effort."""
    story = Story().contact().contact(reason="delivery/late").contact(reason=None)
    story.tell("contact.hold", contact_id="k-3", duration_s=600)
    before = journey_of(story)
    story.tell(
        "contact.info_requested",
        contact_id="k-3",
        item="identity",
        already_given=True,
        reason="billing/bill",
    )
    journey = journey_of(story)
    issue = journey.issue("r:/billing/bill")

    assert issues_of(story) == {"r:/billing/bill": 2, "r:/delivery/late": 1}
    assert issue.wait_s == 600 and issue.information == 1
    moved = before.issue("u:k-3").effort + before.issue("r:/billing/bill").effort
    assert issue.effort > moved > before.issue("r:/billing/bill").effort
    assert journey.contact("k-3").issue == "r:/billing/bill"


def test_a_touchpoint_of_a_contact_is_about_the_contacts_issue():
    """A transfer does not say what about: the contact does."""
    story = Story().contact().contact(reason="delivery/late")
    story.tell("contact.transferred", contact_id="k-1", mode="warm")
    journey = journey_of(story)

    assert len(journey.issue("r:/billing/bill").transfer_times) == 1
    assert journey.issue("r:/delivery/late").transfer_times == []


def test_only_so_many_issues_are_kept():
    """The longest quiet resolved one goes first, and it is counted."""
    story = Story()
    for number in range(8):
        story.after(minutes=1).contact(reason=f"topic/{number}")
    story.tell("contact.ended", contact_id="k-4", outcome="resolved").after(minutes=1)
    story.contact(reason="topic/8")

    assert "r:/topic/3" not in issues_of(story)
    assert len(issues_of(story)) == 8 and journey_of(story).forgotten == 1
