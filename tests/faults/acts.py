"""What customers of the bench do: acts, one touchpoint after the other."""

# An act: what happens one after the other, about one thing. %(k)s is an id of this act's own,
# %(soon)d an instant shortly after now, %(a)d an amount.
_CONTACT = '"contact_id":"k%(k)s"'
_CASE = '"case_id":"c%(k)s","channel":"email"'
_MONEY = '"amount_minor":%(a)d,"currency":"EUR"'
_BEGIN = (
    f'"type":"contact.started",{_CONTACT},"channel":"phone","direction":"inbound",'
    '"medium":"voice","reason":{"l1":"billing","l2":"invoice_copy"}'
)
_OPENED = f'"type":"case.opened",{_CASE},"direction":"inbound","reason":{{"l1":"technical"}}'
ACTS: tuple[tuple[str, ...], ...] = (
    (  # solved on the phone
        _BEGIN,
        f'"type":"contact.queued",{_CONTACT},"queue":"q1"',
        f'"type":"contact.answered",{_CONTACT},"queue":"q1","wait_s":240,"context_loaded":true',
        f'"type":"contact.ended",{_CONTACT},"outcome":"resolved","agent_says_resolved":true',
    ),
    (  # handed on twice, nothing solved
        _BEGIN,
        f'"type":"contact.answered",{_CONTACT},"queue":"q1","wait_s":900',
        f'"type":"contact.info_requested",{_CONTACT},"item":"identity","already_given":true',
        f'"type":"contact.transferred",{_CONTACT},"mode":"cold","from_queue":"q1","to_queue":"q2"',
        f'"type":"contact.info_requested",{_CONTACT},"item":"identity","already_given":true',
        f'"type":"contact.transferred",{_CONTACT},"mode":"warm","from_queue":"q2","to_queue":"q1"',
        f'"type":"contact.ended",{_CONTACT},"outcome":"pending"',
    ),
    (  # a mail that is answered
        _OPENED,
        f'"type":"case.response_sent",{_CASE},"kind":"human","substantive":true',
        f'"type":"case.resolved",{_CASE}',
    ),
    (_OPENED,),  # one that nobody answers: a timer
    (_OPENED, f'"type":"case.customer_replied",{_CASE},"direction":"inbound"'),
    (  # kept
        '"type":"promise.made","promise_id":"p%(k)s","kind":"refund","due_at":%(soon)d',
        '"type":"promise.kept","promise_id":"p%(k)s"',
    ),
    ('"type":"promise.made","promise_id":"p%(k)s","kind":"callback","due_at":%(soon)d',),
    (f'"type":"invoice.issued","invoice_id":"i%(k)s",{_MONEY}',),
    (
        f'"type":"payment.failed","attempt_no":1,"decline":"soft",{_MONEY}',
        f'"type":"payment.failed","attempt_no":2,"decline":"hard",{_MONEY}',
        f'"type":"payment.succeeded","attempt_no":3,{_MONEY}',
    ),
    (
        '"type":"onboarding.started","segment_model":"self_serve"',
        '"type":"onboarding.step_failed","step":"connect_bank"',
        '"type":"onboarding.step_failed","step":"connect_bank"',
        '"type":"onboarding.step_completed","step":"connect_bank"',
    ),
    ('"type":"digital.friction","kind":"form_error","page":"/settings","count":1',),
)
# What people do most of the time; with them, an alert every few touchpoints remains.
CALM: tuple[tuple[str, ...], ...] = (
    ('"type":"invoice.viewed","invoice_id":"i%(k)s","views":2',),
    ('"type":"product.error","severity":1,"feature":"report","code":"E7"',),
    (
        f'"type":"order.placed","order_id":"o%(k)s",{_MONEY}',
        '"type":"order.delivered","order_id":"o%(k)s"',
    ),
    (f'"type":"payment.succeeded","attempt_no":1,{_MONEY}',),
)
CALM_SHARE = 0.8
