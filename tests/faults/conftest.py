"""Chapters mostly wait (for sessions to run out, for workers to start), so several are played side by
side, each on a broker of its own, while other tests of this folder run."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.faults.chapters import Chapter
from tests.faults.long import played_apart

LIMIT_S = 600
_SIDE_BY_SIDE = int(os.environ.get("FAULTS_SIDE_BY_SIDE", "3"))

Played = dict[Chapter, Future[tuple[dict[str, Any] | None, str]]]


@pytest.fixture(scope="session", autouse=True)
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    """All chapters that were asked for, under way."""
    os.environ.setdefault("FAULTS_PATIENCE", "2")
    items: list[Any] = request.session.items
    drawn = [item.callspec.params for item in items if hasattr(item, "callspec")]
    chosen = [given["chapter"] for given in drawn if "chapter" in given]
    pool = ThreadPoolExecutor(_SIDE_BY_SIDE)
    try:
        yield {chapter: pool.submit(played_apart, chapter, LIMIT_S) for chapter in chosen}
    finally:
        pool.shutdown(cancel_futures=True)
