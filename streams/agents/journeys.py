"""The agent of the touchpoints topic: customers' journeys are kept in the lanes it feeds."""

import faust

from streams.agents.whole import whole


def add_journeys(app: faust.App, topic: str) -> None:
    """Give the app its journeys agent.

    Args:
        app: with ``lanes``.
        topic: real name of the touchpoints topic.
    """

    @app.agent(whole(app, topic), name="journeys")
    async def journeys(batches: faust.Stream) -> None:
        async for batch in batches:
            app.lanes.accept(batch)
