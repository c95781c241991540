"""What waits at the second stage until its hour has come."""

from streams.cohorts.cell import Cell
from streams.cohorts.portion import HOUR, Page
from streams.cohorts.waiting import KEYS, Arrivals

PHONE, CHAT = ("smb", None, "phone"), ("smb", None, "chat")


def page(heard: int, places: dict, things: dict | None = None) -> Page:
    """Sums of one hour, by where touchpoints stood; a number stands for so many contacts."""
    cells = [{about: Cell({"contacts": n}) for about, n in part.items()}
             for part in (places, things or {})]  # fmt: skip
    return Page(heard, HOUR, heard, *cells)


def durable(arrivals: Arrivals, store: dict[bytes, bytes]) -> None:
    """What changed is written down."""
    for key, value in arrivals.changed():
        assert key.startswith(KEYS)
        if value is None:
            del store[key]
        else:
            store[key] = value
    arrivals.settle()


def waiting(arrivals: Arrivals, heard: int) -> dict:
    """Contacts by place, taken out."""
    return {tuple(w.about): w.sums["contacts"] for w in arrivals.due(heard)}


def test_what_is_heard_in_one_hour_is_added_up_by_place_whoever_heard_it():
    """Pages of several partitions; another hour stays apart."""
    arrivals = Arrivals()
    arrivals.put(page(7, {PHONE: 1, CHAT: 2}))
    arrivals.put(page(7, {PHONE: 3}))
    arrivals.put(page(8, {PHONE: 5}))

    assert arrivals.hours(before=8) == [7]
    assert waiting(arrivals, 7) == {PHONE: 4, CHAT: 2}
    assert arrivals.hours(before=9) == [8]


def test_it_survives_a_restart():
    """One record for each place, read back into the same sums."""
    arrivals, store = Arrivals(), {}
    arrivals.put(page(7, {PHONE: 1, CHAT: 2}, {"agent=a-1": 4}))
    durable(arrivals, store)
    arrivals.put(page(7, {PHONE: 3}))
    durable(arrivals, store)
    assert len(store) == 3

    restarted = Arrivals()
    for encoded in store.values():
        restarted.read(encoded)
    assert waiting(restarted, 7) == {PHONE: 4, CHAT: 2, tuple("agent=a-1"): 4}
    durable(restarted, store)
    assert store == {}


def test_only_what_a_batch_brought_is_written():
    """However much waits already."""
    arrivals = Arrivals()
    arrivals.put(page(7, {PHONE: 1, CHAT: 2}))
    arrivals.settle()
    arrivals.put(page(7, {CHAT: 1}))

    assert len(list(arrivals.changed())) == 1


def test_what_comes_and_goes_within_one_batch_was_never_written():
    """There is nothing to take back then; what was written before is taken back."""
    arrivals = Arrivals()
    arrivals.put(page(7, {PHONE: 1}))
    arrivals.due(7)
    assert list(arrivals.changed()) == []

    arrivals.put(page(8, {PHONE: 1}))
    arrivals.settle()
    arrivals.due(8)
    assert [value for _, value in arrivals.changed()] == [None]


def test_the_sums_that_know_a_customer_are_found():
    """For those who ask to be forgotten: their cells are written anew."""
    arrivals = Arrivals()
    arrivals.put(page(7, {PHONE: 1, CHAT: 1}))
    arrivals.put(Page(7, HOUR, 7, {PHONE: Cell(customers={99: "c-1"})}, {}))
    arrivals.settle()

    (found,) = arrivals.holding(99)
    found.customers.clear()
    assert len(list(arrivals.changed())) == 1
    assert list(arrivals.holding(99)) == []
