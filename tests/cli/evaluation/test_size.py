"""How large journeys grow, and of what."""

from streams import policy
from streams.cli.evaluation.size import TARGET_BYTES, everyday, longest, share


def test_parts_say_where_the_bytes_are() -> None:
    """Fields and memories, largest first, add up to nearly all of the journey."""
    found = longest(policy.load(), 300)
    assert list(found.parts.values()) == sorted(found.parts.values(), reverse=True)
    assert 0.8 * found.unpacked < sum(found.parts.values()) <= found.unpacked
    assert "recent" in found.parts and any(name.startswith("memory of") for name in found.parts)
    assert found.last <= found.most <= found.unpacked + 9


def test_an_everyday_customer_stays_within_the_target_for_years():
    """Three thousand touchpoints of an ordinary life fit into four kilobytes at every moment."""
    assert everyday(policy.load()).most < TARGET_BYTES


def test_share_is_the_size_so_many_do_not_exceed() -> None:
    """Nearest rank; nothing of nothing."""
    assert share(list(range(101)), 50) == 50 and share(list(range(101)), 99) == 99
    assert share([7], 99) == 7 and share([], 50) == 0
