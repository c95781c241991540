"""Service and experience are told side by side: same cohort, same window, same watermark."""

from typing import Any

from tests.cohorts.crowd import DAY_MS, HOUR_MS, MONDAY_MS, Company

SCALE_5 = {"scale_min": 1, "scale_max": 5, "higher_is_better": True}


def told(company: Company, cohort: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Monday's latest records of a cohort, by family and phase."""
    return {
        (record["family"], record["phase"]): record
        for record in company.said("metrics.v1")
        if record["cohort_id"] == cohort
        and record["window_start"].startswith("2026-01-05T00")
        and record["window_end"].startswith("2026-01-06T00")
    }


def monday() -> Company:
    """Two calls by telephone answered within a minute, scored 5 and 2; one customer leaves."""
    company = Company({})
    for customer, score in (("c-1", 5), ("c-2", 2)):
        at_ms, here = MONDAY_MS + 9 * HOUR_MS, {"channel": "phone", "contact_id": f"k-{customer}"}
        company.hear(
            [
                company.told("contact.started", customer, at_ms, direction="inbound", **here),
                company.told("contact.answered", customer, at_ms + 60_000, wait_s=60, **here),
                company.told(
                    "survey.responded", customer, at_ms + HOUR_MS, kind="csat", score=score,
                    **SCALE_5, **here,
                ),
            ]
        )  # fmt: skip
    company.hear([company.told("customer.churned", "c-2", MONDAY_MS + 12 * HOUR_MS)])
    return company.until(MONDAY_MS + 2 * DAY_MS)


def test_both_families_of_one_cohort_and_window() -> None:
    """Answered in a minute, content by 3.5 of 5, one customer lost: to be read together.

    Requirement: S0-20 S1-13 S1-14 S1-33 S2-14 S2-16 S3-27
    """
    company = monday()
    found = told(company, "channel=phone")
    service, experience = found["service", "during"], found["experience", "during"]
    assert (service["values"]["contacts"], service["values"]["response_mean_s"]) == (2, 60)
    assert (experience["values"]["csat_mean"], experience["values"]["csat_answers"]) == (3.5, 2)
    for name in ("window_start", "window_end", "watermark", "dimensions", "policy_version"):
        assert service[name] == experience[name]
    assert told(company, "all")["experience", "during"]["values"]["churned"] == 1


def test_a_contact_that_something_of_ours_caused_need_not_have_been() -> None:
    """Of two calls one names what caused it: half of them were avoidable.

    Requirement: S1-16
    """
    company = Company({})
    at_ms = MONDAY_MS + 9 * HOUR_MS
    for customer, more in (("c-1", {"caused_by": "e-incident"}), ("c-2", {})):
        here = {"channel": "phone", "contact_id": f"k-{customer}", "direction": "inbound"}
        company.hear([company.told("contact.started", customer, at_ms, **here, **more)])
    company.until(MONDAY_MS + 2 * DAY_MS)
    assert (
        told(company, "channel=phone")["experience", "during"]["values"]["avoidable_share"] == 0.5
    )


def test_handling_time_with_and_without_knowledge() -> None:
    """Two calls of 300 and 240 seconds; an article was used in the shorter one.

    Requirement: S3-20
    """
    company = Company({})
    for customer, talk_s, used in (("c-1", 300, False), ("c-2", 240, True)):
        at_ms, here = MONDAY_MS + 9 * HOUR_MS, {"channel": "phone", "contact_id": f"k-{customer}"}
        said = [company.told("contact.started", customer, at_ms, direction="inbound", **here)]
        if used:
            said.append(
                company.told("knowledge.used", customer, at_ms + 60_000, article_id="a", **here)
            )
        said.append(company.told("contact.ended", customer, at_ms + 1, talk_s=talk_s, **here))
        company.hear(said)
    company.until(MONDAY_MS + 2 * DAY_MS)
    values = told(company, "channel=phone")["service", "during"]["values"]
    assert values["knowledge_used"] == 1
    assert values["handle_with_knowledge_mean_s"] == 240
    assert values["handle_without_knowledge_mean_s"] == 300
    assert values["handle_mean_s"] == 270


def test_how_easily_one_is_found_and_tried() -> None:
    """Three click, two try, one stumbles, and of those whose trial ended half stay.

    Requirement: S1-06
    """
    company, at_ms = Company({}), MONDAY_MS + 9 * HOUR_MS
    for customer in ("c-1", "c-2", "c-3"):
        company.hear([company.told("marketing.engaged", customer, at_ms, campaign="spring")])
    for customer, outcome in (("c-1", "converted"), ("c-2", "expired")):
        company.hear(
            [
                company.told("trial.started", customer, at_ms + 1),
                company.told("trial.ended", customer, at_ms + 2, outcome=outcome),
            ]
        )
    company.hear(
        [company.told("task.failed", "c-2", at_ms + 3, task_kind="registration", step="mail")]
    )
    company.until(MONDAY_MS + 2 * DAY_MS)
    values = told(company, "all")["experience", "during"]["values"]
    assert (values["engagements"], values["trials_started"], values["stumbles"]) == (3, 2, 1)
    assert values["trials_converted_share"] == 0.5


def test_why_they_leave_is_counted_by_segment() -> None:
    """Of three small companies two leave because a competitor asks less effort of them.

    Requirement: S1-18
    """
    company, at_ms = Company({}), MONDAY_MS + 9 * HOUR_MS
    for n, codes in enumerate((["less_effort", "price"], ["less_effort"], ["moved"])):
        customer = f"c-{n}"
        company.hear(
            [
                company.told("customer.profile_changed", customer, at_ms, segment="smb"),
                company.told("survey.responded", customer, at_ms + 1, kind="exit",
                             reason_codes=codes, score=1, scale_min=1, scale_max=5,
                             higher_is_better=True),
            ]
        )  # fmt: skip
    company.until(MONDAY_MS + 2 * DAY_MS)
    values = told(company, "segment=smb")["experience", "during"]["values"]
    reasons = {k: v for k, v in values.items() if k.startswith("left_because.")}
    assert reasons == {
        "left_because.less_effort": 2,
        "left_because.price": 1,
        "left_because.moved": 1,
    }
