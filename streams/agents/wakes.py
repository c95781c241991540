"""The wake clock: time passes when nothing happens.

It beats for every lane; the lane decides. One that lags, or whose broker does not answer, is never
woken: consumer lag must not look like a customer's silence. When all are quiet, it is also the time
to look for garbage.
"""

import asyncio

import faust

from streams.kafka.garbage import Garbage


def add_wakes(app: faust.App, every_s: float) -> None:
    """Give the app its wake clock.

    Args:
        app: with ``lanes``.
        every_s: seconds between beats.
    """

    @app.task
    async def wakes() -> None:
        garbage = Garbage(app.lanes)
        with garbage.kept_away():
            while not app.should_stop:
                app.lanes.tick()
                garbage.beat()
                await asyncio.sleep(every_s)
