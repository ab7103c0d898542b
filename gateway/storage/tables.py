"""Every table. Columns ending in `_at` are instants, in `_minor` money; each row has its client."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gateway.storage.columns import (
    Id,
    Instant,
    Json,
    Minor,
    client_column,
    id_column,
    partial_index,
    position_column,
)

metadata = MetaData()

clients = Table(
    "clients",
    metadata,
    Column("client", String(64), primary_key=True),
    Column("config", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("last_seq", BigInteger, nullable=False, server_default=text("0")),
)

client_versions = Table(
    "client_versions",
    metadata,
    Column("client", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("config", Json, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("applied_at", Instant, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    id_column(),
    client_column(),
    Column("ref", String(128), nullable=False),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("date_of_birth", String(10)),
    Column("postcode", String(16)),
    Column("country", String(2)),
    Column("timezone", String(64)),
    Column("language", String(16)),
    Column("details", Json),  # what else the host placed, kept for rules
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("client", "ref"),
)

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("ref", String(128), nullable=False),
    Column("balance_minor", Minor, nullable=False),
    Column("balance_at", Instant, nullable=False, server_default=text("0")),  # the host read it
    Column("minimum_due_minor", Minor),
    Column("arrears_minor", Minor),
    Column("currency", String(3), nullable=False),
    Column("due_date", String(10)),
    Column("creditor", Text),
    Column("product", Text),
    Column("segment", Text),
    Column("details", Json),  # what else the host placed, kept for rules
    Column("paid_minor", Minor, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("client", "ref"),
    Index("accounts_customer", "customer_id"),
)

look_ups = Table(  # what a host was asked of an account's options, and what it answered
    "look_ups",
    metadata,
    Column("account_id", Id, primary_key=True),
    client_column(),
    Column("conversation_id", Id, nullable=False),  # it waits for the answer
    Column("balance_minor", Minor, nullable=False),
    Column("day", String(10), nullable=False),
    Column("wanted_at", Instant, nullable=False),
    Column("claimed_until", Instant, nullable=False, server_default=text("0")),
    Column("answered_at", Instant),
    Column("offers", Json),
    Column("failure", String(32)),  # why it brought none
    Column("fresh_until", Instant, nullable=False, server_default=text("0")),
    partial_index("look_ups_wanted", "wanted_at", where=text("answered_at IS NULL")),
)

contacts = Table(
    "contacts",
    metadata,
    client_column(),
    Column("channel", String(16), nullable=False),
    Column("address", String(254), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("consent_basis", String(64)),
    Column("consent_at", Instant),
    Column("reassigned_check_at", Instant),  # a database of reassigned numbers said it is theirs
    Column("details", Json),  # what else the host placed, kept for rules
    UniqueConstraint("client", "channel", "address", "customer_id"),
    Index("contacts_customer", "customer_id"),
)

addresses = Table(
    "addresses",
    metadata,
    client_column(),
    Column("channel", String(16), nullable=False),
    Column("address", String(254), nullable=False),
    Column("opted_out_at", Instant),
    Column("opt_out_method", String(16)),
    Column("opt_out_confirmed_at", Instant),
    Column("invalid_at", Instant),
    Column("last_inbound_at", Instant),
    Column("replies", Integer, nullable=False, server_default=text("0")),  # since then
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("client", "channel", "address"),
)

holds = Table(
    "holds",
    metadata,
    id_column(),
    client_column(),
    Column("scope", String(16), nullable=False),
    Column("customer_id", Id),
    Column("account_id", Id),
    Column("channel", String(16)),
    Column("address", String(254)),
    Column("kind", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("until", Instant),
    Column("ended_at", Instant),
    partial_index("holds_customer", "customer_id", where=text("ended_at IS NULL")),
    partial_index("holds_address", "client", "address", where=text("ended_at IS NULL")),
)

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id),
    Column("account_id", Id),
    Column("channel", String(16), nullable=False),
    Column("address", String(254), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("state", Json),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("retry_at", Instant, nullable=False, server_default=text("0")),
    Column("set_aside_at", Instant),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("client", "customer_id"),
    partial_index(
        "conversations_nobody",
        "client",
        "channel",
        "address",
        where=text("customer_id IS NULL"),
        unique=True,
    ),
    partial_index("conversations_aside", "client", where=text("set_aside_at IS NOT NULL")),
)

inbound = Table(
    "inbound",
    metadata,
    id_column(),
    client_column(),
    Column("channel", String(16), nullable=False),
    Column("provider_id", String(254), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("address", String(254), nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("subject", Text),
    Column("keyword", String(8)),
    Column("received_at", Instant, nullable=False),
    Column("claimed_until", Instant, nullable=False, server_default=text("0")),
    Column("understanding", Json),
    UniqueConstraint("channel", "provider_id"),
    partial_index("inbound_unread", "received_at", where=text("understanding IS NULL")),
)

inbox = Table(
    "inbox",
    metadata,
    position_column(),
    Column("id", Id, nullable=False, unique=True),
    client_column(),
    Column("conversation_id", Id, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("payload", Json),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("consumed_at", Instant),
    partial_index("inbox_due", "due_at", where=text("consumed_at IS NULL")),
    partial_index("inbox_waiting", "conversation_id", where=text("consumed_at IS NULL")),
    partial_index("inbox_said", "id", where=text("kind = 'said' AND consumed_at IS NULL")),
)

outbound = Table(
    "outbound",
    metadata,
    position_column(),
    Column("id", Id, nullable=False, unique=True),
    client_column(),
    Column("conversation_id", Id, nullable=False),
    Column("customer_id", Id),
    Column("account_id", Id),
    Column("channel", String(16), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("address", String(254), nullable=False),
    Column("category", String(16), nullable=False),
    Column("response", String(128), nullable=False),
    Column("variation", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("subject", Text),
    Column("html", Text),
    Column("link_id", Id),
    Column("causation_id", Id),
    Column("run_id", Id),  # of the sequence that it is a step of
    Column("status", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("verdict", Json),
    Column("reason", String(64)),
    Column("error", Text),
    partial_index("outbound_due", "due_at", where=text("status = 'queued'")),
    partial_index(
        "outbound_open",
        "conversation_id",
        where=text("status IN ('queued', 'sending')"),
    ),
    partial_index("outbound_run", "run_id", where=text("run_id IS NOT NULL")),
    partial_index(
        "outbound_outreach", "customer_id", "sent_at", where=text("category = 'outreach'")
    ),
)

attempts = Table(
    "attempts",
    metadata,
    id_column(),
    client_column(),
    Column("outbound_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("address", String(254), nullable=False),
    Column("owner", Id, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("look_up_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(16)),  # accepted | refused | absent | undecided
    Column("provider_id", String(254)),
    Column("code", String(32)),
    Index("attempts_provider", "channel", "provider_id"),
    partial_index("attempts_open", "look_up_at", where=text("ended_at IS NULL")),
    Index("attempts_address", "sender", "address", "started_at"),
)

receipts = Table(
    "receipts",
    metadata,
    id_column(),
    Column("client", String(64)),  # null until its message is known
    Column("channel", String(16), nullable=False),
    Column("provider_id", String(254), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempt_id", Id),
    Column("reason", String(32)),
    Column("code", String(32)),
    Column("received_at", Instant, nullable=False),
    Column("matched_at", Instant),
    UniqueConstraint("channel", "provider_id", "status"),
    partial_index("receipts_unmatched", "channel", "provider_id", where=text("matched_at IS NULL")),
)

promises = Table(
    "promises",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("paid_minor", Minor, nullable=False, server_default=text("0")),
    Column("currency", String(3), nullable=False),
    Column("due_date", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Column("ended_as", String(16)),  # superseded | cancelled, where it was taken off while open
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("promises_account", "account_id", "created_at"),
)

plans = Table(
    "plans",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("schedule", Json, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(16), nullable=False),
    Column("told", Json),  # what the conversation has been told of its instalments
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("plans_account", "account_id", "created_at"),
)

links = Table(
    "links",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("clicked_at", Instant),
    Column("revoked_at", Instant),
    Index("links_conversation", "conversation_id"),
)

verifications = Table(
    "verifications",
    metadata,
    client_column(),
    Column("account_id", Id, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("updated_at", Instant, nullable=False),
)

portal_sessions = Table(
    "portal_sessions",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    client_column(),
    Column("link_id", Id, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("portal_sessions_expiry", "expires_at"),
)

payments = Table(
    "payments",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("link_id", Id),
    Column("amount_minor", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("provider", String(32), nullable=False),  # or host
    Column("reference", String(254), nullable=False),
    Column("status", String(16), nullable=False),
    Column("cleared_at", Instant),
    Column("net_minor", Minor, nullable=False, server_default=text("0")),  # came in, and stayed
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("provider", "reference", "client"),
    Index("payments_account", "account_id", "created_at"),
    Index("payments_link", "link_id"),
)

movements = Table(  # append-only: what the ledger is folded from
    "movements",
    metadata,
    position_column(),
    Column("id", Id, nullable=False, unique=True),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("payment_id", Id, nullable=False),
    Column("reference", String(254), nullable=False),  # as the teller calls the payment
    Column("kind", String(16), nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("source", String(16), nullable=False),  # provider | host | person
    Column("details", Json),
    Index("movements_account", "account_id"),
    Index("movements_payment", "payment_id"),
    Index("movements_reference", "client", "reference"),
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

handoffs = Table(
    "handoffs",
    metadata,
    id_column(),
    client_column(),
    Column("conversation_id", Id, nullable=False),
    Column("reason", Text, nullable=False),
    Column("urgent_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    partial_index("handoffs_open", "client", "created_at", where=text("closed_at IS NULL")),
    partial_index("handoffs_conversation", "conversation_id", where=text("closed_at IS NULL")),
)

files = Table(
    "files",
    metadata,
    client_column(),
    Column("file_id", String(128), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("acknowledgement", Json, nullable=False),
    UniqueConstraint("client", "file_id"),
)

activity_blocks = Table(  # what one transaction recorded for one client; numbered as a whole
    "activity_blocks",
    metadata,
    position_column(),
    Column("id", Id, nullable=False, unique=True),
    client_column(),
    Column("size", Integer, nullable=False),
    Column("first_seq", BigInteger),  # of its first event; null until the sequencer was here
    Column("recorded_at", Instant, nullable=False),
    partial_index(
        "blocks_seq", "client", "first_seq", where=text("first_seq IS NOT NULL"), unique=True
    ),
    partial_index("blocks_unnumbered", "client", "position", where=text("first_seq IS NULL")),
)

activity = Table(
    "activity",
    metadata,
    Column("block", Id, primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),  # from 0
    Column("id", Id, nullable=False),
    client_column(),
    Column("type", String(64), nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("customer_id", Id),
    Column("account_id", Id),
    Column("conversation_id", Id),
    Column("actor", String(16), nullable=False),
    Column("channel", String(16)),
    Column("masked_address", String(64)),
    Column("causation_id", Id),
    Column("correlation_id", Id),
    Column("rule_version", String(64)),
    Column("payload", Json, nullable=False),
    Index("activity_conversation", "conversation_id"),
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
