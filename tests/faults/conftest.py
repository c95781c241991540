"""Chapters are played side by side while other tests of this folder run."""

import os
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from tests.faults.chapters import Chapter
from tests.faults.lanes import Lanes, Outcome

LIMIT_S = 600
_SIDE_BY_SIDE = int(os.environ.get("FAULTS_SIDE_BY_SIDE", "3"))
#: A third of a short-lived broker's time went into compiling itself for a long life.
_ENVIRONMENT = {"FAULTS_PATIENCE": "2", "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}

Played = dict[Chapter, Future[Outcome]]


@pytest.fixture(scope="package", autouse=True)
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    """All chapters that were asked for, under way; their brokers end with this folder."""
    items: list[Any] = request.session.items
    drawn = [item.callspec.params for item in items if hasattr(item, "callspec")]
    chosen = [given["chapter"] for given in drawn if "chapter" in given]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _ENVIRONMENT.items():
            patch.setenv(name, os.environ.get(name, value))
        lanes = Lanes(_SIDE_BY_SIDE)
        try:
            yield {chapter: lanes.play(chapter) for chapter in chosen}
        finally:
            lanes.close()
