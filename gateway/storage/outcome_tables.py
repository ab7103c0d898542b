"""The tables of what host systems are told: where they listen, and what is still to be told."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text, UniqueConstraint, text

from gateway.storage.columns import (
    Id,
    Instant,
    Json,
    client_column,
    id_column,
    metadata,
    partial_index,
)

endpoints = Table(
    "endpoints",
    metadata,
    id_column(),
    client_column(),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("types", Json),  # null: every outcome
    Column("created_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("probe_at", Instant, nullable=False, server_default=text("0")),
    Column("disabled_at", Instant),
    Column("error", Text),
    Column("owner", Id),  # the process that delivers to it now
    Column("lease", Id),
    Column("leased_until", Instant, nullable=False, server_default=text("0")),
    UniqueConstraint("client", "url"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("endpoint_id", Id, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    client_column(),
    Column("block", Id, nullable=False),  # with ordinal, its event
    Column("ordinal", Integer, nullable=False),
    Column("lane", Id, nullable=False),  # deliveries of one lane go out one after another
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("delivered_at", Instant),
    Column("error", Text),
    partial_index("deliveries_due", "endpoint_id", "due_at", where=text("delivered_at IS NULL")),
    partial_index("deliveries_waiting", "endpoint_id", "seq", where=text("delivered_at IS NULL")),
)
