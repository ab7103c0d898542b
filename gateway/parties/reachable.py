"""Which contacts may be written to unasked, as far as their own rows tell; the gate has the last
word, and knows more."""

from typing import Any

from sqlalchemy import and_, func, or_, select, text

from gateway.storage.tables import contacts, wrong_parties

_WRONG = (
    select(wrong_parties.c.id)
    .where(
        wrong_parties.c.client == contacts.c.client,
        wrong_parties.c.channel == contacts.c.channel,
        wrong_parties.c.address == contacts.c.address,
        wrong_parties.c.customer_id == contacts.c.customer_id,
        text("wrong_parties.lifted_at IS NULL"),
    )
    .exists()
)

UNASKED: Any = and_(
    func.coalesce(contacts.c.employer_provided, 0) == 0,
    or_(contacts.c.reassigned_at.is_(None), contacts.c.consent_at > contacts.c.reassigned_at),
    ~_WRONG,
)
"""A condition on rows of contacts: not the employer's, not reassigned, not a wrong person's."""

MISTAKEN: Any = _WRONG
"""Somebody has said that the address is not this customer's."""
