"""Words of people about an alert, and which of them had no effect."""

DAY_MS = 86_400_000


def counted(story) -> dict[str, int]:
    """Words of people that had no effect, or said what an alert was worth, by name."""
    names: dict[str, int] = {}
    for outcome in story.house.outcomes:
        for name, count in outcome.counts.items():
            if name.startswith("feedback.") or name.endswith((".wrong", ".useful")):
                names[name] = names.get(name, 0) + count
    return names


def word(story, did: str, *, at_ms: int, **fields):
    """A word about the first alert with a time of its own, whenever it arrives."""
    return story.tell(
        f"alert.{did}", alert_id=story.alerts[0]["alert_id"], by="ann", occurred_at=at_ms, **fields
    )
