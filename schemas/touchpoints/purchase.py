"""Buying and changing: tasks with steps, orders, returns and refunds."""

from typing import Literal

from pydantic import Field

from schemas.terms import AmountMinor, Code, Currency, Id, Instant, Ordinal, Seconds
from schemas.touchpoints.envelope import Envelope

TaskKind = Literal[
    "purchase", "registration", "payment", "return", "order_change", "plan_change", "dispute",
    "cancel",
]  # fmt: skip


class _Task(Envelope):
    task_kind: TaskKind
    task_id: Id | None = Field(None, description="One run of the task.")
    step: Code | None = None
    step_no: Ordinal | None = None
    expected_steps: Ordinal | None = None
    retry_no: Ordinal | None = Field(None, description="0 at the first try of the step.")
    error_code: Code | None = None


class TaskStarted(_Task):
    """The customer began a task."""

    type: Literal["task.started"] = "task.started"


class TaskStep(_Task):
    """The customer took a step of a task."""

    type: Literal["task.step"] = "task.step"


class TaskCompleted(_Task):
    """The task reached its end."""

    type: Literal["task.completed"] = "task.completed"


class TaskFailed(_Task):
    """A step or the task failed."""

    type: Literal["task.failed"] = "task.failed"


class TaskAbandoned(_Task):
    """The customer left the task unfinished."""

    type: Literal["task.abandoned"] = "task.abandoned"


class _Order(Envelope):
    order_id: Id


class OrderPlaced(_Order):
    """An order was placed."""

    type: Literal["order.placed"] = "order.placed"
    promised_at: Instant | None = None
    amount_minor: AmountMinor | None = None
    currency: Currency | None = None


class _OrderMoved(_Order):
    old_eta: Instant | None = None
    new_eta: Instant | None = None
    delay_s: Seconds | None = None
    cause: Code | None = None


class OrderEtaChanged(_OrderMoved):
    """The expected delivery moved."""

    type: Literal["order.eta_changed"] = "order.eta_changed"


class OrderDelayed(_OrderMoved):
    """The order is known to be late."""

    type: Literal["order.delayed"] = "order.delayed"


class OrderDelivered(_Order):
    """The order arrived."""

    type: Literal["order.delivered"] = "order.delivered"
    at: Instant | None = Field(None, description="When, if it differs from occurred_at.")


class OrderCancelled(_Order):
    """The order was cancelled."""

    type: Literal["order.cancelled"] = "order.cancelled"
    at: Instant | None = Field(None, description="When, if it differs from occurred_at.")


class _Return(Envelope):
    amount_minor: AmountMinor | None = None
    currency: Currency | None = None
    promised_by: Instant | None = Field(
        None, description="When the customer was told to expect it."
    )


class ReturnRequested(_Return):
    """The customer wants to send something back."""

    type: Literal["return.requested"] = "return.requested"


class ReturnReceived(_Return):
    """What was sent back has arrived."""

    type: Literal["return.received"] = "return.received"


class RefundIssued(_Return):
    """Money went back to the customer."""

    type: Literal["refund.issued"] = "refund.issued"
