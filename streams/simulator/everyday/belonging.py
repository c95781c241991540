"""Belonging: to become a customer, to be asked, to renew, and to leave."""

from streams.simulator.resident import Resident
from streams.simulator.telling import Telling

RENEWAL_D = 90
"""Days before a contract's end at which its renewal begins."""


def joins(life: Telling, resident: Resident) -> None:
    """Becomes known: profile, consent, for a business its contract; one in four is new."""
    rng = life.rng
    segment = "business" if resident.business else "consumer"
    life.say("customer.profile_changed", segment=segment, tier="1" if resident.business else "2")
    if resident.business:
        life.say(
            "account.contract_changed", acv_minor=resident.plan_minor * 12, currency="EUR",
            starts_on=life.day(resident.contract_d - 365), ends_on=life.day(resident.contract_d),
            term_months=12,
        )  # fmt: skip
    if rng.random() < 0.7:
        life.say("consent.changed", purpose="service", status="granted")
    if rng.random() < 0.25:
        _gets_started(life, resident)


def _gets_started(life: Telling, resident: Resident) -> None:
    """Step by step, with something from it on the first day or in the first week."""
    days = 3.0 if resident.business else 0.3
    model = "smb" if resident.business else "self_serve"
    life.about(hours=9)
    life.say("onboarding.started", plan_id="team" if resident.business else "solo",
             segment_model=model)  # fmt: skip
    for number, step in enumerate(("profile", "connect", "first_report"), 1):
        life.about(days=days / 3)
        life.say("onboarding.step_started", step=step, step_no=number)
        if life.rng.random() < 0.03:
            life.about(minutes=5)
            life.say("onboarding.step_failed", step=step, step_no=number, error_code="timeout")
        life.about(minutes=20)
        life.say("onboarding.step_completed", step=step, step_no=number)
    life.say("onboarding.milestone_reached", milestone="first_report", is_first_value=True)
    life.about(hours=3)
    life.say("onboarding.completed", outcome="done")


def is_surveyed(life: Telling, resident: Resident) -> None:
    """Would you recommend us? One in eight answers."""
    rng = life.rng
    life.say("survey.sent", kind="nps", scope="relationship")
    if rng.random() < 0.12:
        life.about(hours=8)
        (score,) = rng.choices((10, 9, 8, 7, 6, 3), (30, 27, 20, 15, 6, 2))
        life.say(
            "survey.responded", kind="nps", scope="relationship", score=score, scale_min=0,
            scale_max=10, higher_is_better=True,
        )  # fmt: skip


def renews(life: Telling, resident: Resident) -> None:
    """A business is visited, talked to, and stays; one in fifty does not."""
    rng = life.rng
    ends_on = life.day(RENEWAL_D)
    life.say("account.touch", kind="review", proactive=True)
    life.about(days=1)
    life.say("renewal.window_opened", ends_on=ends_on, days_left=RENEWAL_D)
    life.about(days=30)
    life.say("renewal.conversation", tone="relational", initiator="company")
    life.about(days=20)
    (outcome,) = rng.choices(("renewed", "expanded", "reduced", "lost"), (92, 4, 2, 2))
    life.say("renewal.decided", outcome=outcome, value_minor=resident.plan_minor * 12)
    if outcome != "lost":
        life.about(hours=2)
        life.say(
            "account.contract_changed", acv_minor=resident.plan_minor * 12, currency="EUR",
            starts_on=life.day(38), ends_on=life.day(403), term_months=12,
        )  # fmt: skip


def leaves(life: Telling, resident: Resident) -> None:
    """Moves away, or found something cheaper: says so, and is gone after a month."""
    life.say("cancel.requested", reason_codes=["moving"], voluntary=True)
    life.about(days=30)
    life.say("customer.churned", reason_codes=["moving"], voluntary=True)
    resident.gone = True
