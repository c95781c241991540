"""The metric record on ``cx.metrics.v1``: one cohort, one window, one family of values."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.alerts import Number
from schemas.terms import Code, Contract, Count, Instant, Name

Dimensions = Annotated[dict[Code, Name], Field(max_length=16)]
Values = Annotated[dict[Code, Number], Field(max_length=64)]


class MetricRecord(Contract):
    """Values of a cohort in a window. A later revision replaces an earlier one."""

    cohort_id: Name = Field(description="Derived from the dimensions; the record's key.")
    dimensions: Dimensions = Field(
        description="What the cohort has in common, e.g. stage: billing."
    )
    window_start: Instant
    window_end: Instant = Field(description="Exclusive.")
    family: Literal["service", "experience"]
    phase: Literal["during", "after"] = Field(
        description="during: measured while it happens; after: once its outcome is known."
    )
    values: Values = Field(description="Units are part of a value's name.")
    n: Count = Field(description="How many customers or contacts the values rest on.")
    revision: Annotated[int, Field(ge=1, le=1_000_000)]
    watermark: Instant = Field(description="Event time up to which everything heard is in it.")
    policy_version: Name | None = None
