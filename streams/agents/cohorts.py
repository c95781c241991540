"""The agent of the portions topic: what partitions counted is merged in the lanes it feeds."""

import faust

from streams.agents.whole import whole


def add_cohorts(app: faust.App, topic: str) -> None:
    """Give the app its cohorts agent.

    Args:
        app: with ``lanes``.
        topic: real name of the portions topic.
    """

    @app.agent(whole(app, topic), name="cohorts")
    async def cohorts(batches: faust.Stream) -> None:
        async for batch in batches:
            app.lanes.accept(batch)
