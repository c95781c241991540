"""Reaching out to a customer: candidates, the guard before they leave, and what became of it.

    flow       alerts in, candidates out: offer, hold, release, withdraw, drop
    guard      may this customer be reached out to now? if not, why, and until when?
    hours      the customer's quiet hours
    lots       who is left out, so that the effect can be measured
    facts      what touchpoints say: contacts going on, answers, complaints
    following  what became of it after 7, 14, 30 and 90 days

Pure like the rest of the engine. Kept in ``Journey.outreach`` (``streams.engine.outreach_kept``).
"""
