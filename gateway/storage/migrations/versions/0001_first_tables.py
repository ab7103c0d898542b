"""The first tables."""

import sqlalchemy as sa
from alembic import op

from gateway.storage.columns import Id, Json, Position

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("ref", sa.String(length=128), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("balance_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("minimum_due_minor", sa.BigInteger(), nullable=True),
        sa.Column("arrears_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_date", sa.String(length=10), nullable=True),
        sa.Column("creditor", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("details", Json, nullable=True),
        sa.Column("paid_minor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client", "ref"),
    )
    op.create_index("accounts_customer", "accounts", ["customer_id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("block", Id, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("masked_address", sa.String(length=64), nullable=True),
        sa.Column("causation_id", Id, nullable=True),
        sa.Column("correlation_id", Id, nullable=True),
        sa.Column("rule_version", sa.String(length=128), nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.PrimaryKeyConstraint("block", "ordinal"),
    )
    op.create_index("activity_conversation", "activity", ["conversation_id"], unique=False)
    op.create_table(
        "activity_blocks",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(
        "blocks_seq",
        "activity_blocks",
        ["client", "first_seq"],
        unique=True,
        sqlite_where=sa.text("first_seq IS NOT NULL"),
        postgresql_where=sa.text("first_seq IS NOT NULL"),
    )
    op.create_index(
        "blocks_unnumbered",
        "activity_blocks",
        ["client", "position"],
        unique=False,
        sqlite_where=sa.text("first_seq IS NULL"),
        postgresql_where=sa.text("first_seq IS NULL"),
    )
    op.create_table(
        "addresses",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("opted_out_at", sa.BigInteger(), nullable=True),
        sa.Column("opt_out_method", sa.String(length=16), nullable=True),
        sa.Column("opt_out_confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("opted_in_at", sa.BigInteger(), nullable=True),
        sa.Column("opted_in_position", sa.BigInteger(), nullable=True),
        sa.Column("invalid_at", sa.BigInteger(), nullable=True),
        sa.Column("last_inbound_at", sa.BigInteger(), nullable=True),
        sa.Column("replies", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("client", "channel", "address"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("outbound_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("via", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("owner", Id, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("look_up_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("provider_id", sa.String(length=254), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("segments", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "attempts_address", "attempts", ["sender", "address", "started_at"], unique=False
    )
    op.create_index(
        "attempts_open",
        "attempts",
        ["look_up_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("attempts_provider", "attempts", ["via", "provider_id"], unique=False)
    op.create_table(
        "client_versions",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("config", Json, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client", "version"),
    )
    op.create_table(
        "own_windows",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("statement_id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("days", sa.String(length=27), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("causation_id", Id, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "own_windows_address",
        "own_windows",
        ["client", "address"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "own_windows_customer",
        "own_windows",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "packs",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "pack_versions",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("origin", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_note", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("model_data", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("pack", "version"),
    )
    op.create_table(
        "pack_mappings",
        sa.Column("id", Id, nullable=False),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("pack_mappings_pack", "pack_mappings", ["pack", "from_version"], unique=False)
    op.create_table(
        "clients",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("config", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("client"),
    )
    op.create_table(
        "contacts",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("consent_basis", sa.String(length=64), nullable=True),
        sa.Column("consent_at", sa.BigInteger(), nullable=True),
        sa.Column("reassigned_check_at", sa.BigInteger(), nullable=True),
        sa.Column("reassigned_at", sa.BigInteger(), nullable=True),
        sa.Column("employer_provided", sa.Integer(), nullable=True),
        sa.Column("details", Json, nullable=True),
        sa.UniqueConstraint("client", "channel", "address", "customer_id"),
    )
    op.create_index("contacts_customer", "contacts", ["customer_id"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("senders", Json, nullable=True),
        sa.Column("state", Json, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("set_aside_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client", "customer_id"),
    )
    op.create_index(
        "conversations_aside",
        "conversations",
        ["client"],
        unique=False,
        sqlite_where=sa.text("set_aside_at IS NOT NULL"),
        postgresql_where=sa.text("set_aside_at IS NOT NULL"),
    )
    op.create_index(
        "conversations_nobody",
        "conversations",
        ["client", "channel", "address"],
        unique=True,
        sqlite_where=sa.text("customer_id IS NULL"),
        postgresql_where=sa.text("customer_id IS NULL"),
    )
    op.create_table(
        "customers",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.String(length=128), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("date_of_birth", sa.String(length=10), nullable=True),
        sa.Column("postcode", sa.String(length=16), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("details", Json, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client", "ref"),
    )
    op.create_table(
        "deliveries",
        sa.Column("endpoint_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("block", Id, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("lane", Id, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("endpoint_id", "seq"),
    )
    op.create_index(
        "deliveries_due",
        "deliveries",
        ["endpoint_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_index(
        "deliveries_waiting",
        "deliveries",
        ["endpoint_id", "seq"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "endpoints",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("types", Json, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("probe_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("owner", Id, nullable=True),
        sa.Column("lease", Id, nullable=True),
        sa.Column("leased_until", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client", "url"),
    )
    op.create_table(
        "files",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=128), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledgement", Json, nullable=False),
        sa.UniqueConstraint("client", "file_id"),
    )
    op.create_table(
        "handoffs",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=8), nullable=False),
        sa.Column("requests", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "handoffs_due",
        "handoffs",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "handoffs_open",
        "handoffs",
        ["conversation_id", "reason"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "handoff_notes",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("handoff_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "handoff_notes_conversation", "handoff_notes", ["conversation_id"], unique=False
    )
    op.create_table(
        "alerts",
        sa.Column("handoff_id", Id, nullable=False),
        sa.Column("route", sa.String(length=8), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("handoff_id", "route"),
    )
    op.create_index("alerts_due", "alerts", ["due_at"], unique=False)
    op.create_table(
        "holds",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.String(length=8), nullable=False),
        sa.Column("starter", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source_id", Id, nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=8), nullable=True),
        sa.Column("ender", sa.Text(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "holds_due",
        "holds",
        ["until"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND until IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND until IS NOT NULL"),
    )
    op.create_index(
        "holds_address",
        "holds",
        ["client", "address"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "holds_customer",
        "holds",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "inbound",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("via", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.String(length=254), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("keyword", sa.String(length=8), nullable=True),
        sa.Column("media", Json, nullable=True),
        sa.Column("message_id", sa.String(length=254), nullable=True),
        sa.Column("unproven", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("understanding", Json, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("via", "provider_id"),
    )
    op.create_index(
        "inbound_unread",
        "inbound",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("understanding IS NULL"),
        postgresql_where=sa.text("understanding IS NULL"),
    )
    op.create_index(
        "inbound_mails",
        "inbound",
        ["conversation_id"],
        unique=False,
        sqlite_where=sa.text("channel = 'email'"),
        postgresql_where=sa.text("channel = 'email'"),
    )
    op.create_table(
        "inbox",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", Json, nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("consumed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(
        "inbox_due",
        "inbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("consumed_at IS NULL"),
        postgresql_where=sa.text("consumed_at IS NULL"),
    )
    op.create_index(
        "inbox_said",
        "inbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("kind = 'said' AND consumed_at IS NULL"),
        postgresql_where=sa.text("kind = 'said' AND consumed_at IS NULL"),
    )
    op.create_index(
        "inbox_waiting",
        "inbox",
        ["conversation_id"],
        unique=False,
        sqlite_where=sa.text("consumed_at IS NULL"),
        postgresql_where=sa.text("consumed_at IS NULL"),
    )
    op.create_table(
        "links",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("clicked_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("links_conversation", "links", ["conversation_id"], unique=False)
    op.create_table(
        "look_ups",
        sa.Column("account_id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("wanted_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("offers", Json, nullable=True),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("fresh_until", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_index(
        "look_ups_wanted",
        "look_ups",
        ["wanted_at"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "mailboxes",
        sa.Column("place", sa.String(length=254), nullable=False),
        sa.Column("via", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=True),
        sa.Column("owner", Id, nullable=True),
        sa.Column("held_until", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "mails_aside",
        sa.Column("id", Id, nullable=False),
        sa.Column("place", sa.String(length=254), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("set_aside_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place", "uid_validity", "uid"),
    )
    op.create_index(
        "mails_aside_at",
        "mails_aside",
        ["set_aside_at"],
        unique=False,
        sqlite_where=sa.text("set_aside_at IS NOT NULL"),
        postgresql_where=sa.text("set_aside_at IS NOT NULL"),
    )
    op.create_table(
        "machine_mails",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("via", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("outbound_id", Id, nullable=True),
        sa.Column("message_id", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("via", "provider_id"),
    )
    op.create_index(
        "machine_mails_nobodys",
        "machine_mails",
        ["client", "received_at"],
        unique=False,
        sqlite_where=sa.text("conversation_id IS NULL"),
        postgresql_where=sa.text("conversation_id IS NULL"),
    )
    op.create_table(
        "mail_attachments",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("mail_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=254), nullable=False),
        sa.Column("content_type", sa.String(length=128), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mail_id", "number"),
    )
    op.create_table(
        "mail_bounces",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("mail_id", Id, nullable=False),
        sa.Column("outbound_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("permanent", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "mail_bounces_address", "mail_bounces", ["client", "address", "received_at"], unique=False
    )
    op.create_table(
        "outbound",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("demand", sa.Integer(), nullable=True),
        sa.Column("response", sa.String(length=128), nullable=False),
        sa.Column("variation", sa.String(length=128), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("neutral", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("disclosure", sa.String(length=8), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("link_id", Id, nullable=True),
        sa.Column("causation_id", Id, nullable=True),
        sa.Column("run_id", Id, nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("verdict", Json, nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(
        "outbound_due",
        "outbound",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "outbound_open",
        "outbound",
        ["conversation_id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'sending')"),
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.create_index(
        "outbound_mails",
        "outbound",
        ["conversation_id"],
        unique=False,
        sqlite_where=sa.text("channel = 'email'"),
        postgresql_where=sa.text("channel = 'email'"),
    )
    op.create_index(
        "outbound_initial",
        "outbound",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("disclosure = 'initial'"),
        postgresql_where=sa.text("disclosure = 'initial'"),
    )
    op.create_index(
        "outbound_outreach",
        "outbound",
        ["customer_id", "sent_at"],
        unique=False,
        sqlite_where=sa.text("category = 'outreach'"),
        postgresql_where=sa.text("category = 'outreach'"),
    )
    op.create_index(
        "outbound_queued",
        "outbound",
        ["client", "address"],
        unique=False,
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "outbound_run",
        "outbound",
        ["run_id"],
        unique=False,
        sqlite_where=sa.text("run_id IS NOT NULL"),
        postgresql_where=sa.text("run_id IS NOT NULL"),
    )
    op.create_table(
        "movements",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("payment_id", Id, nullable=False),
        sa.Column("reference", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("details", Json, nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("movements_account", "movements", ["account_id"], unique=False)
    op.create_index("movements_payment", "movements", ["payment_id"], unique=False)
    op.create_index("movements_reference", "movements", ["client", "reference"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("link_id", Id, nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=254), nullable=False),
        sa.Column("money", sa.String(length=254), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.Column("looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.Column("net_minor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "reference", "client"),
    )
    op.create_index("payments_account", "payments", ["account_id", "created_at"], unique=False)
    op.create_index("payments_link", "payments", ["link_id"], unique=False)
    op.create_index(
        "payments_look",
        "payments",
        ["look_at"],
        unique=False,
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.create_index(
        "payments_money",
        "payments",
        ["provider", "money"],
        unique=False,
        sqlite_where=sa.text("money IS NOT NULL"),
        postgresql_where=sa.text("money IS NOT NULL"),
    )
    op.create_table(
        "plans",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("schedule", Json, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("told", Json, nullable=True),
        sa.Column("rules", Json, nullable=True),
        sa.Column("reschedules", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("plans_account", "plans", ["account_id", "created_at"], unique=False)
    op.create_table(
        "assessments",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("outcome", Json, nullable=False),
        sa.Column("valid_until", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "assessments_account", "assessments", ["account_id", "created_at"], unique=False
    )
    op.create_table(
        "settlements",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("settlements_account", "settlements", ["account_id"], unique=False)
    op.create_table(
        "settlement_offers",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires", sa.String(length=10), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "settlement_offers_customer",
        "settlement_offers",
        ["customer_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "portal_sessions",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("answers", Json, nullable=True),
        sa.PrimaryKeyConstraint("secret_hash"),
    )
    op.create_index("portal_sessions_expiry", "portal_sessions", ["expires_at"], unique=False)
    op.create_table(
        "promises",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_date", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended_as", sa.String(length=16), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("rules", Json, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("promises_account", "promises", ["account_id", "created_at"], unique=False)
    op.create_table(
        "proofs",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("source_id", Id, nullable=True),
        sa.Column("proven_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("proofs_conversation", "proofs", ["conversation_id", "proven_at"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=True),
        sa.Column("via", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempt_id", Id, nullable=True),
        sa.Column("trouble", Json, nullable=True),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("provider_time", sa.String(length=16), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("matched_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("via", "provider_id", "status"),
    )
    op.create_index(
        "receipts_unmatched",
        "receipts",
        ["via", "provider_id"],
        unique=False,
        sqlite_where=sa.text("matched_at IS NULL"),
        postgresql_where=sa.text("matched_at IS NULL"),
    )
    op.create_table(
        "sequence_runs",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("pack_version", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.String(length=64), nullable=False),
        sa.Column("experiment", sa.String(length=64), nullable=True),
        sa.Column("arm", sa.String(length=64), nullable=True),
        sa.Column("exits", Json, nullable=False),
        sa.Column("step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("started_by", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("runs_account", "sequence_runs", ["account_id", "sequence"], unique=False)
    op.create_index(
        "runs_conversation",
        "sequence_runs",
        ["conversation_id"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("runs_customer", "sequence_runs", ["customer_id", "experiment"], unique=False)
    op.create_index(
        "runs_due",
        "sequence_runs",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(
        "runs_experiment",
        "sequence_runs",
        ["client", "experiment"],
        unique=False,
        sqlite_where=sa.text("experiment IS NOT NULL"),
        postgresql_where=sa.text("experiment IS NOT NULL"),
    )
    op.create_index(
        "runs_running",
        "sequence_runs",
        ["account_id", "sequence"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "sequence_starts",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("started_by", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.String(length=64), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=True),
        sa.Column("accounts", Json, nullable=True),
        sa.Column("after", sa.String(length=128), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "starts_schedule", "sequence_starts", ["client", "sequence", "zone"], unique=False
    )
    op.create_index(
        "starts_waiting",
        "sequence_starts",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "sender_days",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "sender", "day"),
    )
    op.create_table(
        "sender_faults",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sender_faults_at", "sender_faults", ["at"], unique=False)
    op.create_table(
        "sender_states",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("set_by", sa.String(length=64), nullable=True),
        sa.Column("resumed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "sender"),
    )
    op.create_table(
        "verifications",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
    )
    _consent()
    _wrong_parties()


def _consent() -> None:
    op.create_table(
        "consent_events",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("basis", sa.String(length=64), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("causation_id", Id, nullable=True),
        sa.Column("correlation_id", Id, nullable=True),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(
        "consent_address",
        "consent_events",
        ["client", "channel", "address", "position"],
        unique=False,
        sqlite_where=sa.text("address IS NOT NULL"),
        postgresql_where=sa.text("address IS NOT NULL"),
    )
    op.create_index(
        "consent_customer",
        "consent_events",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("address IS NULL"),
        postgresql_where=sa.text("address IS NULL"),
    )
    op.create_table(
        "consent_scopes",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("opted_out_at", sa.BigInteger(), nullable=False),
        sa.Column("opt_out_method", sa.String(length=16), nullable=False),
        sa.Column("event_position", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("client", "customer_id", "channel"),
    )
    op.create_index("scopes_customer", "consent_scopes", ["customer_id"], unique=False)
    _append_only()


def _append_only() -> None:
    """The ledger of consent proves what was said: no statement changes or removes its rows."""
    message = "consent_events is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER consent_events_no_{deed.lower()} BEFORE {deed} ON consent_events"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION consent_events_stay() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER consent_events_stay BEFORE UPDATE OR DELETE ON consent_events"
        " FOR EACH ROW EXECUTE FUNCTION consent_events_stay()"
    )


def _wrong_parties() -> None:
    op.create_table(
        "wrong_parties",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("marked_at", sa.BigInteger(), nullable=False),
        sa.Column("marked_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source_id", Id, nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.String(length=64), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("wrong_parties_customer", "wrong_parties", ["customer_id"], unique=False)
    op.create_index(
        "wrong_parties_standing",
        "wrong_parties",
        ["client", "channel", "address", "customer_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    create_charging()


def downgrade() -> None:
    drop_charging()
    op.drop_index("scopes_customer", table_name="consent_scopes")
    op.drop_table("consent_scopes")
    op.drop_table("consent_events")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION consent_events_stay()")
    op.drop_index(
        "own_windows_customer",
        table_name="own_windows",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(
        "own_windows_address",
        table_name="own_windows",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("own_windows")
    op.drop_index("pack_mappings_pack", table_name="pack_mappings")
    op.drop_table("pack_mappings")
    op.drop_table("pack_versions")
    op.drop_table("packs")
    op.drop_index(
        "wrong_parties_standing",
        table_name="wrong_parties",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_index("wrong_parties_customer", table_name="wrong_parties")
    op.drop_table("wrong_parties")
    op.drop_table("verifications")
    op.drop_table("sender_states")
    op.drop_index("sender_faults_at", table_name="sender_faults")
    op.drop_table("sender_faults")
    op.drop_table("sender_days")
    op.drop_index(
        "starts_waiting",
        table_name="sequence_starts",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_index("starts_schedule", table_name="sequence_starts")
    op.drop_table("sequence_starts")
    op.drop_index(
        "runs_running",
        table_name="sequence_runs",
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.drop_index(
        "runs_experiment",
        table_name="sequence_runs",
        sqlite_where=sa.text("experiment IS NOT NULL"),
        postgresql_where=sa.text("experiment IS NOT NULL"),
    )
    op.drop_index(
        "runs_due",
        table_name="sequence_runs",
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.drop_index("runs_customer", table_name="sequence_runs")
    op.drop_index(
        "runs_conversation",
        table_name="sequence_runs",
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.drop_index("runs_account", table_name="sequence_runs")
    op.drop_table("sequence_runs")
    op.drop_index(
        "receipts_unmatched",
        table_name="receipts",
        sqlite_where=sa.text("matched_at IS NULL"),
        postgresql_where=sa.text("matched_at IS NULL"),
    )
    op.drop_table("receipts")
    op.drop_index("proofs_conversation", table_name="proofs")
    op.drop_table("proofs")
    op.drop_index("promises_account", table_name="promises")
    op.drop_table("promises")
    op.drop_index("settlement_offers_customer", table_name="settlement_offers")
    op.drop_table("settlement_offers")
    op.drop_index("settlements_account", table_name="settlements")
    op.drop_table("settlements")
    op.drop_index("assessments_account", table_name="assessments")
    op.drop_table("assessments")
    op.drop_index("portal_sessions_expiry", table_name="portal_sessions")
    op.drop_table("portal_sessions")
    op.drop_index("plans_account", table_name="plans")
    op.drop_table("plans")
    op.drop_index(
        "payments_money",
        table_name="payments",
        sqlite_where=sa.text("money IS NOT NULL"),
        postgresql_where=sa.text("money IS NOT NULL"),
    )
    op.drop_index(
        "payments_look",
        table_name="payments",
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.drop_index("payments_link", table_name="payments")
    op.drop_index("payments_account", table_name="payments")
    op.drop_table("payments")
    op.drop_index("movements_reference", table_name="movements")
    op.drop_index("movements_payment", table_name="movements")
    op.drop_index("movements_account", table_name="movements")
    op.drop_table("movements")
    op.drop_index(
        "outbound_queued",
        table_name="outbound",
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.drop_index(
        "outbound_run",
        table_name="outbound",
        sqlite_where=sa.text("run_id IS NOT NULL"),
        postgresql_where=sa.text("run_id IS NOT NULL"),
    )
    op.drop_index(
        "outbound_initial",
        table_name="outbound",
        sqlite_where=sa.text("disclosure = 'initial'"),
        postgresql_where=sa.text("disclosure = 'initial'"),
    )
    op.drop_index(
        "outbound_outreach",
        table_name="outbound",
        sqlite_where=sa.text("category = 'outreach'"),
        postgresql_where=sa.text("category = 'outreach'"),
    )
    op.drop_index(
        "outbound_mails",
        table_name="outbound",
        sqlite_where=sa.text("channel = 'email'"),
        postgresql_where=sa.text("channel = 'email'"),
    )
    op.drop_index(
        "outbound_open",
        table_name="outbound",
        sqlite_where=sa.text("status IN ('queued', 'sending')"),
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.drop_index(
        "outbound_due",
        table_name="outbound",
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.drop_table("outbound")
    op.drop_index("mail_bounces_address", table_name="mail_bounces")
    op.drop_table("mail_bounces")
    op.drop_table("mail_attachments")
    op.drop_index(
        "machine_mails_nobodys",
        table_name="machine_mails",
        sqlite_where=sa.text("conversation_id IS NULL"),
        postgresql_where=sa.text("conversation_id IS NULL"),
    )
    op.drop_table("machine_mails")
    op.drop_index(
        "mails_aside_at",
        table_name="mails_aside",
        sqlite_where=sa.text("set_aside_at IS NOT NULL"),
        postgresql_where=sa.text("set_aside_at IS NOT NULL"),
    )
    op.drop_table("mails_aside")
    op.drop_table("mailboxes")
    op.drop_index(
        "look_ups_wanted",
        table_name="look_ups",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.drop_table("look_ups")
    op.drop_index("links_conversation", table_name="links")
    op.drop_table("links")
    op.drop_index(
        "inbox_waiting",
        table_name="inbox",
        sqlite_where=sa.text("consumed_at IS NULL"),
        postgresql_where=sa.text("consumed_at IS NULL"),
    )
    op.drop_index(
        "inbox_said",
        table_name="inbox",
        sqlite_where=sa.text("kind = 'said' AND consumed_at IS NULL"),
        postgresql_where=sa.text("kind = 'said' AND consumed_at IS NULL"),
    )
    op.drop_index(
        "inbox_due",
        table_name="inbox",
        sqlite_where=sa.text("consumed_at IS NULL"),
        postgresql_where=sa.text("consumed_at IS NULL"),
    )
    op.drop_table("inbox")
    op.drop_index(
        "inbound_mails",
        table_name="inbound",
        sqlite_where=sa.text("channel = 'email'"),
        postgresql_where=sa.text("channel = 'email'"),
    )
    op.drop_index(
        "inbound_unread",
        table_name="inbound",
        sqlite_where=sa.text("understanding IS NULL"),
        postgresql_where=sa.text("understanding IS NULL"),
    )
    op.drop_table("inbound")
    op.drop_index(
        "holds_customer",
        table_name="holds",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(
        "holds_due",
        table_name="holds",
        sqlite_where=sa.text("ended_at IS NULL AND until IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND until IS NOT NULL"),
    )
    op.drop_index(
        "holds_address",
        table_name="holds",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("holds")
    op.drop_index("alerts_due", table_name="alerts")
    op.drop_table("alerts")
    op.drop_index("handoff_notes_conversation", table_name="handoff_notes")
    op.drop_table("handoff_notes")
    op.drop_index(
        "handoffs_open",
        table_name="handoffs",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "handoffs_due",
        table_name="handoffs",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("handoffs")
    op.drop_table("files")
    op.drop_table("endpoints")
    op.drop_index(
        "deliveries_waiting",
        table_name="deliveries",
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_index(
        "deliveries_due",
        table_name="deliveries",
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_table("deliveries")
    op.drop_table("customers")
    op.drop_index(
        "conversations_nobody",
        table_name="conversations",
        sqlite_where=sa.text("customer_id IS NULL"),
        postgresql_where=sa.text("customer_id IS NULL"),
    )
    op.drop_index(
        "conversations_aside",
        table_name="conversations",
        sqlite_where=sa.text("set_aside_at IS NOT NULL"),
        postgresql_where=sa.text("set_aside_at IS NOT NULL"),
    )
    op.drop_table("conversations")
    op.drop_index("contacts_customer", table_name="contacts")
    op.drop_table("contacts")
    op.drop_table("clients")
    op.drop_table("client_versions")
    op.drop_index("attempts_provider", table_name="attempts")
    op.drop_index(
        "attempts_open",
        table_name="attempts",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("attempts_address", table_name="attempts")
    op.drop_table("attempts")
    op.drop_table("addresses")
    op.drop_index(
        "blocks_unnumbered",
        table_name="activity_blocks",
        sqlite_where=sa.text("first_seq IS NULL"),
        postgresql_where=sa.text("first_seq IS NULL"),
    )
    op.drop_index(
        "blocks_seq",
        table_name="activity_blocks",
        sqlite_where=sa.text("first_seq IS NOT NULL"),
        postgresql_where=sa.text("first_seq IS NOT NULL"),
    )
    op.drop_table("activity_blocks")
    op.drop_index("activity_conversation", table_name="activity")
    op.drop_table("activity")
    op.drop_index("accounts_customer", table_name="accounts")
    op.drop_table("accounts")


def create_charging() -> None:
    """Saved payment methods, mandates, and what is taken by them."""
    op.create_table(
        "charges",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("due_id", Id, nullable=False),
        sa.Column("method_id", Id, nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("final", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("asks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("charges_due", "charges", ["due_id"], unique=False)
    op.create_index(
        "charges_look",
        "charges",
        ["look_at"],
        unique=False,
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.create_table(
        "dues",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("plan_id", Id, nullable=False),
        sa.Column("mandate_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.String(length=10), nullable=False),
        sa.Column("announcement_id", Id, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mandate_id", "number"),
    )
    op.create_index(
        "dues_look",
        "dues",
        ["look_at"],
        unique=False,
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.create_table(
        "mandates",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("plan_id", Id, nullable=False),
        sa.Column("method_id", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_version", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("schedule", Json, nullable=False),
        sa.Column("link_id", Id, nullable=True),
        sa.Column("agreed_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_as", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "mandates_method",
        "mandates",
        ["method_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "mandates_plan",
        "mandates",
        ["plan_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "wallet_methods",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=254), nullable=False),
        sa.Column("owner", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("brand", sa.String(length=64), nullable=True),
        sa.Column("last4", sa.String(length=8), nullable=True),
        sa.Column("expires", sa.String(length=7), nullable=True),
        sa.Column("is_default", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.Column("looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client", "provider", "token"),
    )
    op.create_index(
        "wallet_methods_customer",
        "wallet_methods",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(
        "wallet_methods_look",
        "wallet_methods",
        ["look_at"],
        unique=False,
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.create_table(
        "wallet_setups",
        sa.Column("id", Id, nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("link_id", Id, nullable=True),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("method_id", Id, nullable=True),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.Column("looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "reference", "client"),
    )
    op.create_index(
        "wallet_setups_look",
        "wallet_setups",
        ["look_at"],
        unique=False,
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )


def drop_charging() -> None:
    op.drop_index(
        "wallet_setups_look",
        table_name="wallet_setups",
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.drop_table("wallet_setups")
    op.drop_index(
        "wallet_methods_look",
        table_name="wallet_methods",
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.drop_index(
        "wallet_methods_customer",
        table_name="wallet_methods",
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.drop_table("wallet_methods")
    op.drop_index(
        "mandates_plan",
        table_name="mandates",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(
        "mandates_method",
        table_name="mandates",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("mandates")
    op.drop_index(
        "dues_look",
        table_name="dues",
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.drop_table("dues")
    op.drop_index(
        "charges_look",
        table_name="charges",
        sqlite_where=sa.text("look_at IS NOT NULL"),
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.drop_index("charges_due", table_name="charges")
    op.drop_table("charges")
