"""The agent of the topics that teams own: what it takes in is validated and re-keyed in lanes."""

import faust

from streams.agents.whole import whole


def add_intake(app: faust.App, sources: tuple[str, ...]) -> None:
    """Give the app its intake agent.

    Args:
        app: with ``lanes``.
        sources: real names of the teams' topics; without any there is no such agent.
    """
    if not sources:
        return

    @app.agent(whole(app, *sources), name="intake")
    async def intake(batches: faust.Stream) -> None:
        async for batch in batches:
            app.lanes.accept(batch)
