"""Stories as files are read."""

import json

from streams.wire import jsonl
from streams.wire.jsonl import Carried
from tests.story import Story


def carried(*told: Story) -> list[Carried]:
    """Their touchpoints in the order told."""
    return [jsonl.read(json.dumps(one).encode()) for story in told for one in story.told]
