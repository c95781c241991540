"""What lanes lean on, as one list of promises, asked of every world that lanes live in.

The fakes of the simulation (``tests/simulation/test_fakes_keep_the_contract.py``) and a real Kafka
behind the real adapters (``tests/live/test_kafka_keeps_the_contract.py``) run the same list. So
what is proven in the one world holds in the other, as far as the list goes: whoever finds a
behaviour that the protocol needs adds it here first.
"""

from tests.kafka.port_contract.reading import Reads
from tests.kafka.port_contract.transactions import Transactions
from tests.kafka.port_contract.world import ALERTS, BATCH_BYTES
from tests.kafka.port_contract.writing import Writing

__all__ = ["ALERTS", "BATCH_BYTES", "PortContract"]


class PortContract(Writing, Transactions, Reads):
    """The whole list. A world is a subclass that says how to make a place and run a coroutine."""
