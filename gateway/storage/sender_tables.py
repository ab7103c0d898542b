"""The tables of a client's own senders: what they have sent, what went wrong, who was paused."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from gateway.storage.columns import Id, Instant, client_column, id_column, metadata

sender_states = Table(  # a sender that was paused once
    "sender_states",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("sender", String(254), primary_key=True),
    client_column(),
    Column("paused_at", Instant),  # null: it sends
    Column("reason", String(32)),  # blocked | sender | manual
    Column("note", Text),
    Column("set_by", String(64)),  # system, or who paused or resumed it
    Column("resumed_at", Instant),  # faults before it count no more
)

sender_faults = Table(  # a message that was blocked, or refused because of its sender
    "sender_faults",
    metadata,
    id_column(),
    client_column(),
    Column("channel", String(16), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("code", String(32)),
    Column("message_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Index("sender_faults_at", "at"),
)

sender_days = Table(  # what a sender with a daily cap has sent on one of its days
    "sender_days",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("sender", String(254), primary_key=True),
    Column("day", String(10), primary_key=True),
    client_column(),
    Column("segments", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
)
