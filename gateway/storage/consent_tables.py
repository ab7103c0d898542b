"""The tables of consent: what was said of each address, for ever, and what follows from it now."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text, UniqueConstraint, text

from gateway.storage.columns import (
    Id,
    Instant,
    client_column,
    metadata,
    partial_index,
    position_column,
)

consent_events = Table(  # the ledger: rows are added and, by triggers, never changed or removed
    "consent_events",
    metadata,
    position_column(),
    Column("id", Id, nullable=False, unique=True),
    client_column(),
    Column("kind", String(16), nullable=False),  # captured | checked | opted_out | opted_in | cease
    Column("scope", String(16), nullable=False),  # address | channel | everything
    Column("purpose", String(16), nullable=False),  # collections | marketing | all
    Column("channel", String(16)),  # null: all of them
    Column("address", String(254)),  # null: every one of the customer's
    Column("customer_id", Id),
    Column("method", String(16), nullable=False),  # see gateway.consent.ledger.METHODS
    Column("actor", String(16), nullable=False),  # customer | provider | host | agent
    Column("agent", Text),  # who of the client's people recorded it
    Column("basis", String(64)),
    Column("source", Text),  # where the host has it from
    Column("evidence", Text),  # the customer's words, or what an agent names
    Column("conversation_id", Id),
    Column("causation_id", Id),  # the message that said so
    Column("correlation_id", Id),  # the file that said so
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    partial_index(
        "consent_address",
        "client",
        "channel",
        "address",
        "position",
        where=text("address IS NOT NULL"),
    ),
    partial_index("consent_customer", "customer_id", where=text("address IS NULL")),
)

consent_scopes = Table(  # a customer's opt-outs of a channel or of everything, as the ledger has it
    "consent_scopes",
    metadata,
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("channel", String(16), nullable=False),  # sms | email | all
    Column("opted_out_at", Instant, nullable=False),
    Column("opt_out_method", String(16), nullable=False),
    Column("event_position", BigInteger, nullable=False),  # of its latest, in the ledger
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("client", "customer_id", "channel"),
    Index("scopes_customer", "customer_id"),
)
