"""The table of what customers have said of their times."""

from sqlalchemy import Column, Integer, String, Table, text

from gateway.storage.columns import (
    Id,
    Instant,
    client_column,
    id_column,
    metadata,
    partial_index,
)

own_windows = Table(  # the windows of a statement share its id; what was replaced has ended
    "own_windows",
    metadata,
    id_column(),
    client_column(),
    Column("statement_id", Id, nullable=False),
    Column("customer_id", Id),  # null: nobody's, and so of the address alone
    Column("channel", String(16)),  # null: of every channel
    Column("address", String(254)),  # null: of every address
    Column("kind", String(8), nullable=False),  # only | never
    Column("days", String(27), nullable=False),  # mon,tue,...
    Column("opens", Integer, nullable=False),  # minutes since local midnight
    Column("closes", Integer, nullable=False),
    Column("source", String(16), nullable=False),  # customer | host
    Column("causation_id", Id),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    partial_index("own_windows_customer", "customer_id", where=text("ended_at IS NULL")),
    partial_index("own_windows_address", "client", "address", where=text("ended_at IS NULL")),
)
