"""How a customer or a case is handed on, and asked again for what was already said."""

from streams.engine.heard import Heard
from streams.engine.journey import Contact, Path
from streams.engine.remember import issues
from streams.engine.remember.basics import contact_of, keep, score_points, touch, trouble
from streams.engine.rules import Rules


def information(heard: Heard, rules: Rules) -> None:
    """``contact.info_requested``: asking again for what was already given."""
    contact = contact_of(heard, rules)
    touch(heard)
    if heard.touchpoint.already_given:
        information_asked(heard, contact, rules, "information_repeated")


def information_asked(
    heard: Heard, contact: Contact | None, rules: Rules, component: str | None
) -> None:
    """The customer had to say it again; ``component`` names the effort, None costs no points."""
    heard.asked_again = True
    if contact is not None:
        contact.information += 1
    if heard.issue is not None:
        heard.issue.information += 1
        keep(heard.issue.information_marks, heard.note(), issues.MARKS_MAX)
        trouble(heard.issue, heard)
    if component is not None:
        score_points(heard, rules, component)


def visit(path: Path, queue: str, rules: Rules) -> bool:
    """Add a queue to the path; True when it had been visited and left before."""
    if queue in path.queues:
        return path.queues[-1] != queue
    path.queues.append(queue)
    if len(path.queues) > rules.limits.path_max:
        del path.queues[0]
    return False


def hand_on(heard: Heard, path: Path, source: str | None, target: str | None, rules: Rules) -> None:
    """One transfer on a path of queues: counts it and notices the return to a visited queue."""
    heard.transfer = True
    if source:
        visit(path, source, rules)
    revisit = False
    if target and target != source:
        revisit = target in path.queues
        if revisit:
            # The revisited queue becomes the current one, so that the next hop is judged from it.
            path.queues.remove(target)
        path.queues.append(target)
        del path.queues[: -rules.limits.path_max]
    path.transfers += 1
    heard.revisit = revisit
    path.revisits += revisit
    keep(path.marks, heard.note(), 6)
    if heard.issue is not None:
        times = heard.issue.transfer_times
        times.append(heard.at_ms)
        times.sort()
        if len(times) > 6:
            del times[0]
        trouble(heard.issue, heard)


def transferred(heard: Heard, rules: Rules) -> None:
    """``contact.transferred``: warm, tepid or cold; back to a known queue; without context."""
    contact = contact_of(heard, rules)
    touchpoint = heard.touchpoint
    touch(heard)
    if contact is None:
        return
    hand_on(heard, contact.path, touchpoint.from_queue, touchpoint.to_queue, rules)
    mode = touchpoint.mode or "cold"
    contact.path.cold += mode == "cold"
    score_points(heard, rules, "transfer_" + mode)
    if heard.revisit:
        score_points(heard, rules, "queue_revisited")
    if touchpoint.context_passed is False:
        information_asked(heard, contact, rules, None)
