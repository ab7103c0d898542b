"""The tables of people who take conversations over."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from gateway.storage.columns import Id, Instant, client_column, id_column, metadata, partial_index

handoffs = Table(
    "handoffs",
    metadata,
    id_column(),
    client_column(),
    Column("conversation_id", Id, nullable=False),
    Column("reason", Text, nullable=False),
    Column("urgency", String(8), nullable=False),
    Column("requests", Integer, nullable=False, server_default=text("1")),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("agent", String(64)),  # who has it
    Column("taken_at", Instant),
    Column("closed_at", Instant),
    partial_index("handoffs_due", "due_at", where=text("closed_at IS NULL")),
    partial_index(
        "handoffs_open",
        "conversation_id",
        "reason",
        where=text("closed_at IS NULL"),
        unique=True,
    ),
)

handoff_notes = Table(
    "handoff_notes",
    metadata,
    id_column(),
    client_column(),
    Column("handoff_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("agent", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("handoff_notes_conversation", "conversation_id"),
)

alerts = Table(  # there is one as long as its hand-off is not closed
    "alerts",
    metadata,
    Column("handoff_id", Id, primary_key=True),
    Column("route", String(8), primary_key=True),  # email | webhook
    client_column(),
    Column("due_at", Instant, nullable=False),
    Column("sent", Integer, nullable=False, server_default=text("0")),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row
    Column("error", Text),
    Index("alerts_due", "due_at"),
)
