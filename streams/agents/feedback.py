"""The agent of the feedback topic: what people did about an alert becomes a touchpoint."""

import faust

from streams.agents.whole import whole


def add_feedback(app: faust.App, topic: str) -> None:
    """Give the app its feedback agent.

    Args:
        app: with ``lanes``.
        topic: real name of the feedback topic.
    """

    @app.agent(whole(app, topic), name="feedback")
    async def feedback(batches: faust.Stream) -> None:
        async for batch in batches:
            app.lanes.accept(batch)
