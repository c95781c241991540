"""A case: the company's file on a problem, over any number of contacts."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.terms import Code, Id, Instant, Party, Seconds
from schemas.touchpoints.envelope import Envelope


class _Case(Envelope):
    case_id: Id


class CaseOpened(_Case):
    """A case was opened."""

    type: Literal["case.opened"] = "case.opened"
    priority: Annotated[int, Field(ge=1, le=5)] | None = Field(
        None, description="1 is the most urgent (critical), 5 the least."
    )
    first_response_due: Instant | None = None
    resolution_due: Instant | None = None
    group: Code | None = Field(None, description="The group the case began with.")
    known_issue_id: Id | None = None


class CaseResponseSent(_Case):
    """The company answered."""

    type: Literal["case.response_sent"] = "case.response_sent"
    kind: Literal["auto", "template", "human"]
    substantive: bool | None = Field(None, description="It dealt with the problem itself.")
    next_step: bool | None = Field(None, description="It said what happens next.")
    eta: Instant | None = Field(None, description="It said when.")


class CaseCustomerReplied(_Case):
    """The customer wrote again on the case."""

    type: Literal["case.customer_replied"] = "case.customer_replied"


class CaseReassigned(_Case):
    """The case changed hands."""

    type: Literal["case.reassigned"] = "case.reassigned"
    from_group: Code | None = None
    to_group: Code | None = None
    from_agent: Id | None = None
    to_agent: Id | None = None


class _Turn(_Case):
    status: Code | None = None
    resolution_code: Code | None = None
    by: Party | None = None


class CaseStatusChanged(_Turn):
    """The case moved to another status."""

    type: Literal["case.status_changed"] = "case.status_changed"
    status: Code


class CaseResolved(_Turn):
    """The case was declared resolved."""

    type: Literal["case.resolved"] = "case.resolved"


class CaseReopened(_Turn):
    """A resolved case came back."""

    type: Literal["case.reopened"] = "case.reopened"


class CaseClosed(_Turn):
    """The case was closed for good."""

    type: Literal["case.closed"] = "case.closed"


class CaseBlocked(_Case):
    """The case cannot move on. The catalogue's ``reason``, which the envelope owns."""

    type: Literal["case.blocked"] = "case.blocked"
    blocked_by: Literal["approval", "policy", "system", "third_party"]
    duration_s: Seconds | None = None


class CaseLinked(_Case):
    """Two cases are about the same thing."""

    type: Literal["case.linked"] = "case.linked"
    to_case_id: Id
    relation: Literal["duplicate", "related"]


class SlaResult(Envelope):
    """A service level was met or missed."""

    type: Literal["sla.result"] = "sla.result"
    metric: Code
    met: bool
    target_s: Seconds | None = None
    actual_s: Seconds | None = None
