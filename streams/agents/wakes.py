"""The wake clock: time passes when nothing happens.

It beats for every lane; the lane decides. One that lags, or whose broker does not answer, is never
woken: consumer lag must not look like a customer's silence.
"""

import asyncio

import faust


def add_wakes(app: faust.App, every_s: float) -> None:
    """Give the app its wake clock.

    Args:
        app: with ``lanes``.
        every_s: seconds between beats.
    """

    @app.task
    async def wakes() -> None:
        while not app.should_stop:
            app.lanes.tick()
            await asyncio.sleep(every_s)
