"""When something of a customer is due next."""

from streams.engine.journey import Journey


def next_due_ms(journey: Journey) -> int:
    """When the next timer of a customer is due, epoch milliseconds; 0 for none."""
    due = list(journey.wakes.values())
    if journey.promises:
        due += [promise.due_ms for promise in journey.promises if promise.broken_ms == 0]
    for episode in journey.episodes:
        quiet_ms, snoozed_ms = episode.quiet_due_ms, episode.snoozed_until_ms
        if quiet_ms:
            due.append(quiet_ms)
        if snoozed_ms and episode.state == "snoozed":
            due.append(snoozed_ms)
    if journey.outreach is not None and journey.outreach.due_ms > 0:
        due.append(journey.outreach.due_ms)
    return min(due) if due else 0


def reaches_out(journey: Journey) -> bool:
    """Whether a candidate waits, an offer stands or somebody is watched."""
    return journey.outreach is not None and journey.outreach.due_ms > 0
