"""A loopback TCP proxy between workers and their broker, for what networks do.

It runs in a thread with a loop of its own. Whatever it is told holds for connections that are open
and for those still to come, until it is told otherwise.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable

from streams.kafka.broker.loopback import LOOPBACK, free_port

_PORTION = 65_536


class Proxy:
    """Passes connections on to a port of this machine.

    Args:
        to_port: called for each connection: where it should go now.
    """

    def __init__(self, to_port: Callable[[], int]):
        self._to_port = to_port
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task] = set()
        self._passing = [asyncio.Event(), asyncio.Event()]  # to the broker, from the broker
        for direction in self._passing:
            direction.set()
        self._delay_s = 0.0
        self._refuses = False
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self._listen()

    def _listen(self) -> int:
        while True:
            port = free_port()
            try:
                self._server = self._do(asyncio.start_server(self._serve, LOOPBACK, port))
            except OSError:
                continue  # somebody was faster
            return port

    def _do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    # -- what networks do --------------------------------------------------------------------

    def cut(self) -> None:
        """Every open connection ends; new ones are welcome."""
        self._do(self._cut())

    def refuse(self, on: bool = True) -> None:
        """Nobody gets in; those who are in are thrown out."""
        self._refuses = on
        if on:
            self.cut()

    def delay(self, delay_s: float) -> None:
        """Everything takes so much longer, each way."""
        self._delay_s = delay_s

    def hole(self, to_broker: bool = True, from_broker: bool = True) -> None:
        """Connections stay open and nothing gets through; one way, or both."""
        self._do(self._set(not to_broker, not from_broker))

    def heal(self) -> None:
        """All is well again; what was held up goes through."""
        self._delay_s, self._refuses = 0.0, False
        self._do(self._set(True, True))

    def close(self) -> None:
        """End everything."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # -- in the loop -------------------------------------------------------------------------

    async def _set(self, to_broker: bool, from_broker: bool) -> None:
        for event, passes in zip(self._passing, (to_broker, from_broker), strict=True):
            event.set() if passes else event.clear()

    async def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open.add(writer)
        onward: asyncio.StreamWriter | None = None
        try:
            if self._refuses:
                return
            back, onward = await asyncio.open_connection(LOOPBACK, self._to_port())
            self._open.add(onward)
            ways = [
                asyncio.ensure_future(self._pump(reader, onward, self._passing[0])),
                asyncio.ensure_future(self._pump(back, writer, self._passing[1])),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            pass  # the broker is down: so is the connection
        except asyncio.CancelledError:
            pass
        finally:
            for end in (writer, onward):
                if end is not None:
                    self._open.discard(end)
                    with contextlib.suppress(Exception):
                        end.transport.abort()
            self._tasks.discard(task)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passing: asyncio.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while portion := await reader.read(_PORTION):
                if self._delay_s:
                    await asyncio.sleep(self._delay_s)
                await passing.wait()
                writer.write(portion)
                await writer.drain()
