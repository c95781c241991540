"""The fifth call about one problem, after an onboarding that went wrong.

Steps fail, the product fails, and then every other day a call about the same import that nobody
solves and nobody claims to have solved. Catalogue section 9, story 6; S4-27.
"""

from random import Random

from streams.simulator.telling import Telling, Touchpoint

EXPECTS = frozenset(
    {
        "repeat_contact",
        "contact_frequency",
        "cumulative_effort",
        "stale_issue",
        "onboarding_friction",
        "compounding_friction",
    }
)
SILENT = frozenset(
    {"transfer_burden", "masked_effort", "false_resolution", "wait_excess", "bill_shock"}
)
SPAN_D = 20
SINCE = {
    "repeat_contact": ("contact.started", 2),
    "contact_frequency": ("contact.started", 3),
    "stale_issue": ("contact.started", 1),
    "onboarding_friction": ("onboarding.step_failed", 2),
    "compounding_friction": ("contact.started", 1),
    "cumulative_effort": ("contact.started", 1),
}


def tell(rng: Random, customer_id: str, start_ms: int) -> list[Touchpoint]:
    """See the module's text."""
    story = Telling(rng, customer_id, start_ms)
    story.say("onboarding.started", plan_id="team", segment_model="smb")
    for attempt in range(3):
        story.about(hours=3)
        story.say(
            "onboarding.step_failed", step="import_data", step_no=2, retry_no=attempt,
            error_code="csv_encoding",
        )  # fmt: skip
    story.about(hours=2)
    story.say("onboarding.step_completed", step="import_data", step_no=2)
    story.about(hours=5)
    story.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    story.about(hours=5)
    story.say("onboarding.completed", outcome="done")
    for _ in range(2):
        story.about(hours=8)
        story.say("product.error", severity=3, feature="import", code="E_ENCODING")
    story.about(hours=3)
    for number in range(5):
        if number:
            story.after(days=2)
        call = story.contact("product", "import", issue_id=story.name("import"))
        story.answered(call, "technical", wait_s=50)
        story.unsolved(call, talk_min=8)
    return story.touchpoints
