"""Every internal of aiokafka that we lean on, held by a hash of its source; see the Faust twin."""

import aiokafka
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer import fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import SubscriptionState, TopicPartitionState
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.producer import message_accumulator, sender
from aiokafka.producer.producer import AIOKafkaProducer
from aiokafka.producer.transaction_manager import TransactionManager

from tests.live.test_contract_faust import unchanged


def test_versions_are_the_ones_these_hashes_are_of():
    """All of this is true of aiokafka 0.14.0 only."""
    assert aiokafka.__version__ == "0.14.0"


def test_fetched_records():
    """Leaned on: with one partition, no timeout and a record limit it returns what is buffered of
    that partition without giving way to other tasks, so that the position read before and after
    belongs to it."""
    unchanged(fetcher.Fetcher.fetched_records, "377ee3925c9f")
    unchanged(fetcher.FetchResult, "da332176786f")


def test_the_position_passes_markers_and_holes():
    """Leaned on: ``next_fetch_offset`` moves past transaction markers, aborted batches and
    compacted holes; that is why a chain of positions, not of record offsets, tells a gap."""
    unchanged(fetcher.PartitionRecords._unpack_records, "64d9a048c8ea")


def test_fetch_waiters_and_context():
    """Leaned on: a waiter is woken by new data (and by us), and the context keeps us in the group
    while nothing is wanted."""
    unchanged(fetcher.Fetcher._create_fetch_waiter, "98430710b43a")
    unchanged(SubscriptionState.fetch_context, "1ad948a308b5")
    unchanged(SubscriptionState.fetcher_idle_time.fget, "440415ac5b81")


def test_a_seek_discards_what_was_fetched():
    """Leaned on: after a seek nothing fetched before it is returned, errors included."""
    unchanged(fetcher.Fetcher.seek_to, "a5f0c8182417")
    unchanged(TopicPartitionState, "1f45e8404ed7")


def test_no_reset_behind_our_back():
    """Leaned on: with ``auto_offset_reset=none`` an offset out of range is an error, and a
    partition without a committed offset waits for our seek."""
    unchanged(fetcher.Fetcher._update_fetch_positions, "0a9c7c26caa9")
    unchanged(fetcher.Fetcher._proc_fetch_request, "120083e326eb")


def test_heartbeats():
    """``_do_heartbeat`` is wrapped on the instance, to note when the group last confirmed us; the
    coordinator keeps that to itself. Heartbeats go on during the revoke callback."""
    unchanged(GroupCoordinator._do_heartbeat, "e9a9a9516623")
    unchanged(GroupCoordinator._heartbeat_routine, "0c4b6cf1f0df")
    unchanged(GroupCoordinator.ensure_active_group, "37c820655b61")


def test_leaving_the_group():
    """Leaned on: closing the coordinator sends LeaveGroup, so that others take over at once."""
    unchanged(GroupCoordinator.close, "8dcb7ee2a251")
    unchanged(GroupCoordinator._maybe_leave_group, "9b75c3fa6001")


def test_a_commit_does_not_look_at_failed_records():
    """The reason why every future is awaited before ``commit_transaction``: it waits for batches,
    and commits although one of them failed (B6)."""
    unchanged(sender.Sender._do_txn_commit, "6cbb50f1ae89")
    unchanged(message_accumulator.MessageAccumulator.flush_for_commit, "5773b13779cd")


def test_fencing_errors():
    """Leaned on: what the sender dies of is the cause of the error we are given."""
    unchanged(sender.Sender._sender_routine, "92df9018a3a3")
    unchanged(sender.EndTxnHandler, "783a6b89e733")
    unchanged(sender.AddPartitionsToTxnHandler, "33d2919ea563")
    unchanged(sender.InitPIDHandler, "6cc698e9f4f5")
    unchanged(TransactionManager, "eff86d94ce8d")


def test_a_batch_is_one_record_batch():
    """Leaned on: what ``send_batch`` is given goes out as one RecordBatch, taken whole or not at
    all; ``append`` says None when it is full."""
    unchanged(AIOKafkaProducer.send_batch, "94a05520ee3c")
    unchanged(message_accumulator.MessageAccumulator.add_batch, "d833a80f6fa3")
    unchanged(message_accumulator.BatchBuilder, "ba74d530c6e9")


def test_a_client_that_has_lost_every_broker():
    """Leaned on: it says so by an assertion of this text, which we wait out like any other
    failure to connect."""
    unchanged(AIOKafkaClient.coordinator_lookup, "c4da623c1666")


def test_every_request_of_a_producer_goes_through_its_client():
    """Leaned on: a request that gets no answer is raised here, whoever retries it above, so a
    lane's producer can be watched at this one place; its connection is closed, but what it carried
    may still be read by the broker."""
    unchanged(AIOKafkaClient.send, "c2f3bfe3c12f")
    unchanged(sender.BaseHandler, "c02739e48155")
    unchanged(sender.SendProduceReqHandler.do, "9ebac5d34400")


def test_the_sticky_assignor():
    """Leaned on: partitions stay where their journeys are, as far as balance allows."""
    unchanged(StickyPartitionAssignor.on_assignment.__func__, "8f4372b182a8")
    unchanged(StickyPartitionAssignor.assign.__func__, "b4b79ef7fda4")


def test_what_a_coordinator_would_tell_a_caller():
    """Replaced on the instance (``unheard``): it waits for a caller of fetch methods that we do not
    call. Its tasks, and the one for metadata, end with what broke them."""
    unchanged(GroupCoordinator._push_error_to_user, "466858df8ba7")
    unchanged(GroupCoordinator._coordination_routine, "f6248d537969")
    unchanged(AIOKafkaClient._md_synchronizer, "7a8ccfa421dd")
