"""The tables of sequences: outreach over days."""

from sqlalchemy import Column, Index, Integer, String, Table, text

from gateway.storage.columns import (
    Id,
    Instant,
    Json,
    client_column,
    id_column,
    metadata,
    partial_index,
)

sequence_runs = Table(  # an account's way through a sequence of the client's dialog pack
    "sequence_runs",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),  # which its first step opens
    Column("pack", String(64), nullable=False),
    Column("pack_version", String(64), nullable=False),
    Column("sequence", String(64), nullable=False),
    Column("experiment", String(64)),
    Column("arm", String(64)),
    Column("exits", Json, nullable=False),  # what ends it
    Column("step", Integer, nullable=False, server_default=text("0")),  # the next one, from 0
    Column("last_at", Instant, nullable=False),  # when the step before was taken
    Column("next_at", Instant),
    Column("state", String(16), nullable=False),  # running | finished | stopped
    Column("reason", String(32)),
    Column("started_by", String(16), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Index("runs_account", "account_id", "sequence"),
    Index("runs_customer", "customer_id", "experiment"),
    partial_index("runs_experiment", "client", "experiment", where=text("experiment IS NOT NULL")),
    partial_index(
        "runs_running", "account_id", "sequence", where=text("state = 'running'"), unique=True
    ),
    partial_index("runs_due", "next_at", where=text("state = 'running'")),
    partial_index("runs_conversation", "conversation_id", where=text("state = 'running'")),
)

sequence_starts = Table(  # accounts that are still to be looked at for sequences
    "sequence_starts",
    metadata,
    id_column(),
    client_column(),
    Column("started_by", String(16), nullable=False),  # placement | update | api | schedule
    Column("sequence", String(64)),  # null: each one that starts by this
    Column("zone", String(64)),  # of a schedule: its customers'
    Column("day", String(10)),  # of a schedule: where they live
    Column("accounts", Json),  # null: all of the client's, in the order of their ids
    Column("after", String(128)),  # the refs up to this one are done
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
    partial_index("starts_waiting", "created_at", where=text("done_at IS NULL")),
    Index("starts_schedule", "client", "sequence", "zone"),
)
