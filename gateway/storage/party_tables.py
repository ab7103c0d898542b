"""The tables of who reads at an address: proofs of the right party, and words that it is wrong."""

from sqlalchemy import Column, Index, String, Table, Text, text

from gateway.storage.columns import Id, Instant, client_column, id_column, metadata, partial_index

proofs = Table(  # each time that a customer proved who they are; rows are only added
    "proofs",
    metadata,
    id_column(),
    client_column(),
    Column("conversation_id", Id, nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("method", String(16), nullable=False),  # portal | agent
    Column("source_id", Id),  # the link, or the hand-off
    Column("proven_at", Instant, nullable=False),
    Index("proofs_conversation", "conversation_id", "proven_at"),
)

wrong_parties = Table(  # addresses that are not a customer's after all
    "wrong_parties",
    metadata,
    id_column(),
    client_column(),
    Column("channel", String(16), nullable=False),
    Column("address", String(254), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("marked_at", Instant, nullable=False),
    Column("marked_by", String(64), nullable=False),  # customer, host or a person's name
    Column("reason", Text),
    Column("source_id", Id),  # the event whose one answer may still go there
    Column("lifted_at", Instant),
    Column("lifted_by", String(64)),
    Column("lift_reason", Text),
    partial_index(
        "wrong_parties_standing",
        "client",
        "channel",
        "address",
        "customer_id",
        where=text("lifted_at IS NULL"),
        unique=True,
    ),
    Index("wrong_parties_customer", "customer_id"),
)
