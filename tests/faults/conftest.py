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


class Played:
    """Chapters under way.

    Args:
        chosen: those that were asked for.
    """

    def __init__(self, chosen: list[Chapter]):
        self._chosen, self._lanes = chosen, Lanes(_SIDE_BY_SIDE)
        self._futures: dict[Chapter, Future[Outcome]] = {}

    def begin(self) -> None:
        """Once."""
        if not self._futures:
            self._futures = {chapter: self._lanes.play(chapter) for chapter in self._chosen}

    def __getitem__(self, chapter: Chapter) -> Outcome:
        """Wait for one."""
        self.begin()
        return self._futures[chapter].result()

    def close(self) -> None:
        """Their brokers end."""
        self._lanes.close()


@pytest.fixture(scope="package", autouse=True)
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    """All chapters, begun at once, but where several processes share the tests: there by whoever
    has the file with the chapters."""
    items: list[Any] = request.session.items
    drawn = [item.callspec.params for item in items if hasattr(item, "callspec")]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _ENVIRONMENT.items():
            patch.setenv(name, os.environ.get(name, value))
        chapters = Played([given["chapter"] for given in drawn if "chapter" in given])
        if "PYTEST_XDIST_WORKER" not in os.environ:
            chapters.begin()
        try:
            yield chapters
        finally:
            chapters.close()
