"""The tables of money: what was promised, agreed, heard of and offered."""

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint, text

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
    Column("rules", Json),  # grace and tolerance, where the account's are not the client's own
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
    Column("told", Json),  # how far its story was told
    Column("rules", Json),  # grace, misses and cure, where the account's are not the client's own
    Column("reschedules", Integer, nullable=False, server_default=text("0")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("plans_account", "account_id", "created_at"),
)

assessments = Table(  # what a customer's income bears, by the form of income and expenditure
    "assessments",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("answers", Json, nullable=False),
    Column("outcome", Json, nullable=False),
    Column("valid_until", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("assessments_account", "account_id", "created_at"),
)

settlements = Table(  # less than the balance, agreed to be taken as full payment
    "settlements",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("terms", Json, nullable=False),
    Column("agreed_at", Instant, nullable=False),
    Index("settlements_account", "account_id"),
)

settlement_offers = Table(  # made to a customer (shown), or by one (said)
    "settlement_offers",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("amount_minor", Minor, nullable=False),
    Column("balance_minor", Minor, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("count", Integer, nullable=False),
    Column("expires", String(10)),
    Column("created_at", Instant, nullable=False),
    Index("settlement_offers_customer", "customer_id", "created_at"),
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
    Column("provider", String(64), nullable=False),  # or host
    Column("reference", String(254), nullable=False),
    Column("money", String(254)),  # the provider's second name of it
    Column("status", String(16), nullable=False),
    Column("look_at", Instant),  # when the provider is asked what became of it
    Column("looks", Integer, nullable=False, server_default=text("0")),
    Column("cleared_at", Instant),
    Column("net_minor", Minor, nullable=False, server_default=text("0")),  # came in, and stayed
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("provider", "reference", "client"),
    Index("payments_account", "account_id", "created_at"),
    Index("payments_link", "link_id"),
    partial_index("payments_money", "provider", "money", where=text("money IS NOT NULL")),
    partial_index("payments_look", "look_at", where=text("look_at IS NOT NULL")),
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
