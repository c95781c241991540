"""Which cohorts a touchpoint belongs to.

A cohort is named by what its members have in common, ``segment=smb,channel=phone``; ``all`` is
everybody. The name is the record's key and says its dimensions: nothing else needs to carry them.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha1
from typing import Any

from streams.engine.heard import Heard
from streams.engine.journey import Issue
from streams.engine.partitioning import partition_of

DIMENSIONS = (
    "segment", "stage", "channel", "reason", "product", "queue", "tenure_band", "region", "owner",
)  # fmt: skip
EVERYBODY = "all"
OTHER = "other"
NAME_MAX = 128
_KNOWN_MAX = 20_000

Dims = tuple[str | None, ...]
"""Values in the order of ``DIMENSIONS``, without the owner, who follows from the reason."""

_OUTSIDE = ("account", "agent", "source")
"""Cohorts of one thing alone: kept for its detectors, not published as metrics."""


def named(dimension: str, value: str) -> str:
    """Name of the cohort of one value."""
    return _short(f"{dimension}={_plain(value)}")


def dimensions_of(cohort: str) -> dict[str, str]:
    """What the members of a cohort have in common, by its name."""
    if cohort == EVERYBODY:
        return {}
    said = dict(part.split("=", 1) for part in cohort.partition("~")[0].split(","))
    for written, plain in (("%7E", "~"), ("%2C", ","), ("%25", "%")):
        said = {name: value.replace(written, plain) for name, value in said.items()}
    return said


@lru_cache(maxsize=50_000)
def kind_of(cohort: str) -> str:
    """The dimension, or both joined by a plus sign; ``all`` for everybody."""
    return "+".join(part.split("=", 1)[0] for part in cohort.split(","))


@lru_cache(maxsize=50_000)
def is_published(cohort: str) -> bool:
    """Whether the cohort is one of those whose metrics are published."""
    return kind_of(cohort) not in _OUTSIDE


def other_of(cohort: str) -> str:
    """The cohort in which those count that are too many of their kind."""
    return ",".join(f"{name}={OTHER}" for name in kind_of(cohort).split("+"))


@lru_cache(maxsize=50_000)
def place_of(cohort: str, partitions: int) -> int:
    """The partition of the second stage that keeps a cohort."""
    return partition_of(cohort.encode("utf-8", "surrogatepass"), partitions)


def dims_of(heard: Heard, like: list[str | None] | None = None) -> Dims:
    """Where a touchpoint stands.

    Args:
        heard: the touchpoint.
        like: what is remembered of its contact, for what it does not say itself.
    """
    touchpoint, profile, contact = heard.touchpoint, heard.journey.profile, heard.contact
    product, reason = about(touchpoint, heard.issue)
    channel, actor = touchpoint.channel, touchpoint.actor
    queue = getattr(touchpoint, "queue", None)
    if contact is not None:
        channel = channel or contact.channel
        if queue is None and contact.path.queues:
            queue = contact.path.queues[-1]
    tenure = actor.tenure_band if actor is not None else None
    region = touchpoint.region
    if like is not None:
        channel, reason, product = channel or like[2], reason or like[3], product or like[4]
        queue, tenure, region = queue or like[5], tenure or like[6], region or like[7]
    return (profile.segment, profile.stage, channel, reason, product, queue, tenure, region)


def about(touchpoint: Any, issue: Issue | None) -> tuple[str | None, str | None]:
    """Product and reason (``l1/l2``) of a touchpoint, or else of its issue.

    Args:
        touchpoint: decoded; None to go by the issue alone.
        issue: what it is about, if known.
    """
    reason = product = None
    if touchpoint is not None:
        reason, product = touchpoint.reason, touchpoint.product_id
    if reason is not None:
        return product, f"{reason.l1}/{reason.l2}" if reason.l2 else reason.l1
    if issue is None:
        return product, None
    for key in (issue.key, issue.alias):
        if key is not None and key.startswith("r:"):
            of, _, about = key[2:].partition("/")
            return product or of or None, about.rstrip("/") or None
    return product, None


class Naming:
    """The cohorts of where a touchpoint stands, as the policy draws them.

    Args:
        dimensions, pairs: see ``CohortRules``.
        owner: the team that answers for a reason.
    """

    def __init__(
        self,
        dimensions: Iterable[str],
        pairs: Iterable[tuple[str, str]],
        owner: Callable[[str], str],
    ) -> None:
        self._single = [name for name in dimensions if name in DIMENSIONS]
        self._pairs = [tuple(sorted(pair)) for pair in pairs]
        self._owner = owner
        self._known: dict[Dims, tuple[str, ...]] = {}

    def names(self, dims: Dims) -> tuple[str, ...]:
        """Every cohort there, everybody first."""
        known = self._known.get(dims)
        if known is None:
            if len(self._known) >= _KNOWN_MAX:
                self._known.clear()
            known = self._known[dims] = tuple(self._made(dims))
        return known

    def _made(self, dims: Dims) -> Iterable[str]:
        yield EVERYBODY
        said = {name: value for name, value in zip(DIMENSIONS, dims, strict=False) if value}
        if "reason" in said:
            said["owner"] = self._owner(said["reason"])
        for name in self._single:
            if name in said:
                yield named(name, said[name])
        for one, two in self._pairs:
            if one in said and two in said:
                yield _short(f"{one}={_plain(said[one])},{two}={_plain(said[two])}")


def _plain(value: str) -> str:
    return value.replace("%", "%25").replace(",", "%2C").replace("~", "%7E")


def _short(name: str) -> str:
    """At most ``NAME_MAX`` characters, still one name for one cohort."""
    if len(name) <= NAME_MAX:
        return name
    digest = sha1(name.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:12]
    parts = name.split(",")
    room = (NAME_MAX - len(digest) - len(parts)) // len(parts)
    return ",".join(part[:room].rstrip("%") for part in parts) + "~" + digest
