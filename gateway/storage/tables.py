"""Every table: here those of conversations and records; of money, of charging, of senders, of
people who take over, of mail, of hosts' endpoints, and of dialog packs in modules of their own.

Columns ending in `_at` are instants, in `_minor` money; each row has its client, but those of
dialog packs and of mailboxes, which clients share.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
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
    metadata,
    partial_index,
    position_column,
)
from gateway.storage.consent_tables import consent_events, consent_scopes
from gateway.storage.mail_tables import machine_mails, mail_attachments, mail_bounces
from gateway.storage.mailbox_tables import mailboxes, mails_aside
from gateway.storage.money_tables import (
    assessments,
    look_ups,
    movements,
    payments,
    plans,
    promises,
    settlement_offers,
    settlements,
)
from gateway.storage.outcome_tables import deliveries, endpoints
from gateway.storage.pack_tables import pack_mappings, pack_versions, packs
from gateway.storage.party_tables import proofs, wrong_parties
from gateway.storage.people_tables import alerts, handoff_notes, handoffs
from gateway.storage.preference_tables import own_windows
from gateway.storage.sender_tables import sender_days, sender_faults, sender_states
from gateway.storage.sequence_tables import sequence_runs, sequence_starts

__all__ = [
    "accounts",
    "activity",
    "activity_blocks",
    "addresses",
    "alerts",
    "assessments",
    "attempts",
    "client_versions",
    "clients",
    "consent_events",
    "consent_scopes",
    "contacts",
    "conversations",
    "customers",
    "deliveries",
    "endpoints",
    "files",
    "handoff_notes",
    "handoffs",
    "holds",
    "inbound",
    "inbox",
    "links",
    "look_ups",
    "machine_mails",
    "mail_attachments",
    "mail_bounces",
    "mailboxes",
    "mails_aside",
    "metadata",
    "movements",
    "outbound",
    "own_windows",
    "pack_mappings",
    "pack_versions",
    "packs",
    "payments",
    "plans",
    "portal_sessions",
    "promises",
    "proofs",
    "receipts",
    "sender_days",
    "sender_faults",
    "sender_states",
    "sequence_runs",
    "sequence_starts",
    "settlement_offers",
    "settlements",
    "verifications",
    "wrong_parties",
]

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
    Column("reassigned_at", Instant),  # the host says that the number has another holder since
    Column("employer_provided", Integer),  # 1 or 0; null where nobody said
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
    Column("opted_in_at", Instant),
    Column("opted_in_position", BigInteger),  # in the ledger: undoes what stands before it
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
    Column("started_by", String(8), nullable=False),  # customer | host | agent | system
    Column("starter", Text),  # an agent's name
    Column("reason", Text),
    Column("source_id", Id),  # the event that started it, such as the customer's message
    Column("until", Instant),
    Column("ended_at", Instant),
    Column("ended_by", String(8)),
    Column("ender", Text),
    Column("end_reason", Text),
    partial_index("holds_customer", "customer_id", where=text("ended_at IS NULL")),
    partial_index("holds_address", "client", "address", where=text("ended_at IS NULL")),
    partial_index("holds_due", "until", where=text("ended_at IS NULL AND until IS NOT NULL")),
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
    Column("senders", Json),  # ours by channel, by which the customer always hears from us
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
    Column("via", String(64), nullable=False),  # the adapter that brought it
    Column("provider_id", String(254), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("address", String(254), nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("subject", Text),
    Column("keyword", String(8)),
    Column("media", Json),  # what came with it: where it lies, or its name, and its type
    Column("message_id", String(254)),  # an email's, without brackets
    Column("unproven", Integer),  # 1: an email of which From alone says who wrote it
    Column("received_at", Instant, nullable=False),
    Column("claimed_until", Instant, nullable=False, server_default=text("0")),
    Column("understanding", Json),
    UniqueConstraint("via", "provider_id"),
    partial_index("inbound_unread", "received_at", where=text("understanding IS NULL")),
    partial_index("inbound_mails", "conversation_id", where=text("channel = 'email'")),
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
    Column("demand", Integer),  # 1: it asks for payment; null: nobody knows, so it may
    Column("response", String(128), nullable=False),
    Column("variation", String(128), nullable=False),
    Column("language", String(16)),  # the locale of its texts
    Column("neutral", Integer, nullable=False, server_default=text("0")),  # for whoever reads it
    Column("disclosure", String(8)),  # initial: what was sent had the initial disclosure in it
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
    partial_index("outbound_queued", "client", "address", where=text("status = 'queued'")),
    partial_index("outbound_run", "run_id", where=text("run_id IS NOT NULL")),
    partial_index("outbound_mails", "conversation_id", where=text("channel = 'email'")),
    partial_index("outbound_initial", "customer_id", where=text("disclosure = 'initial'")),
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
    Column("via", String(64), nullable=False),  # the adapter that is asked
    Column("number", Integer, nullable=False),  # of its message's attempts, from 1
    Column("sender", String(254), nullable=False),
    Column("address", String(254), nullable=False),
    Column("owner", Id, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("look_up_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(16)),  # accepted | assumed | refused | absent | undecided | lost
    Column("provider_id", String(254)),
    Column("code", String(32)),
    Column("segments", Integer, nullable=False, server_default=text("1")),
    Index("attempts_provider", "via", "provider_id"),
    partial_index("attempts_open", "look_up_at", where=text("ended_at IS NULL")),
    Index("attempts_address", "sender", "address", "started_at"),
)

receipts = Table(
    "receipts",
    metadata,
    id_column(),
    Column("client", String(64)),  # null until its message is known
    Column("via", String(64), nullable=False),  # the adapter that brought it
    Column("provider_id", String(254), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempt_id", Id),
    Column("trouble", Json),  # what a failure says: domain.messages.Trouble
    Column("code", String(32)),
    Column("provider_time", String(16)),  # the carrier's, in a zone that nobody names
    Column("received_at", Instant, nullable=False),
    Column("matched_at", Instant),
    UniqueConstraint("via", "provider_id", "status"),
    partial_index("receipts_unmatched", "via", "provider_id", where=text("matched_at IS NULL")),
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
    Column("expired_at", Instant),  # since when its expiry is on record
    Column("revoked_at", Instant),
    Index("links_conversation", "conversation_id"),
    Index("links_customer", "customer_id"),
    partial_index(
        "links_open",
        "account_id",
        "purpose",
        where=text("revoked_at IS NULL AND expired_at IS NULL"),
        unique=True,
    ),
    partial_index(
        "links_unnoticed",
        "expires_at",
        where=text("revoked_at IS NULL AND expired_at IS NULL"),
    ),
)

verifications = Table(
    "verifications",
    metadata,
    client_column(),
    Column("account_id", Id, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("code_hash", String(64)),  # of the one-time code that was sent last
    Column("code_until", Instant),
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
    Column("answers", Json),  # by journey, of what is not submitted yet
    Index("portal_sessions_expiry", "expires_at"),
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
    Column("rule_version", String(128)),
    Column("payload", Json, nullable=False),
    Index("activity_conversation", "conversation_id"),
)
