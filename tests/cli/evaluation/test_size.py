"""How large journeys grow, and of what."""

from streams import policy
from streams.cli.evaluation.size import longest, share


def test_parts_say_where_the_bytes_are() -> None:
    """Fields and memories, largest first, add up to nearly all of the journey."""
    found = longest(policy.load(), 300)
    assert list(found.parts.values()) == sorted(found.parts.values(), reverse=True)
    assert 0.8 * found.most < sum(found.parts.values()) <= found.most
    assert "recent" in found.parts and any(name.startswith("memory of") for name in found.parts)
    assert found.last <= found.most


def test_share_is_the_size_so_many_do_not_exceed() -> None:
    """Nearest rank; nothing of nothing."""
    assert share(list(range(101)), 50) == 50 and share(list(range(101)), 99) == 99
    assert share([7], 99) == 7 and share([], 50) == 0
