"""The tables of saved payment methods, of what customers agreed to, and of what is taken by it."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from gateway.storage.columns import (
    Id,
    Instant,
    Json,
    Minor,
    client_column,
    id_column,
    metadata,
    partial_index,
)

wallet_methods = Table(  # as providers name them: no card data
    "wallet_methods",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("provider", String(64), nullable=False),
    Column("token", String(254), nullable=False),
    Column("owner", String(254), nullable=False),  # the customer, as the provider names them
    Column("kind", String(32), nullable=False),
    Column("brand", String(64)),
    Column("last4", String(8)),
    Column("expires", String(7)),  # the last month, such as 2030-12
    Column("is_default", Integer, nullable=False, server_default=text("0")),
    Column("added_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("look_at", Instant),  # when the provider is to be told that it was removed
    Column("looks", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("client", "provider", "token"),
    partial_index("wallet_methods_customer", "customer_id", where=text("removed_at IS NULL")),
    partial_index("wallet_methods_look", "look_at", where=text("look_at IS NOT NULL")),
)

wallet_setups = Table(  # pages on which a method is being saved
    "wallet_setups",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("link_id", Id),
    Column("provider", String(64), nullable=False),
    Column("reference", String(254), nullable=False),
    Column("state", String(16), nullable=False),  # open | saved | abandoned
    Column("method_id", Id),
    Column("look_at", Instant),
    Column("looks", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("provider", "reference", "client"),
    partial_index("wallet_setups_look", "look_at", where=text("look_at IS NOT NULL")),
)

mandates = Table(  # what a customer agreed that a plan is taken from a method
    "mandates",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("plan_id", Id, nullable=False),
    Column("method_id", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_version", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("schedule", Json, nullable=False),  # the days and amounts that were shown
    Column("link_id", Id),
    Column("agreed_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_as", String(32)),
    partial_index("mandates_plan", "plan_id", where=text("ended_at IS NULL"), unique=True),
    partial_index("mandates_method", "method_id", where=text("ended_at IS NULL")),
)

dues = Table(  # an instalment that is to be taken
    "dues",
    metadata,
    id_column(),
    client_column(),
    Column("customer_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("plan_id", Id, nullable=False),
    Column("mandate_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_date", String(10), nullable=False),
    Column("announcement_id", Id),  # the event by which the customer was to be told
    Column("state", String(16), nullable=False),  # open | ended
    Column("reason", String(32)),  # why it waits, or ended
    Column("look_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("mandate_id", "number"),
    partial_index("dues_look", "look_at", where=text("look_at IS NOT NULL")),
)

charges = (
    Table(  # one time that a provider is asked for money; its id is its payment's, and the key
        "charges",
        metadata,
        id_column(),
        client_column(),
        Column("due_id", Id, nullable=False),
        Column("method_id", Id, nullable=False),
        Column("provider", String(64), nullable=False),
        Column("amount_minor", Minor, nullable=False),
        Column("currency", String(3), nullable=False),
        Column("day", String(10), nullable=False),  # where the customer lives
        Column("state", String(16), nullable=False),  # asking | answered | refused
        Column("reason", String(64)),
        Column("final", Integer, nullable=False, server_default=text("0")),
        Column("asks", Integer, nullable=False, server_default=text("0")),
        Column("look_at", Instant),
        Column("created_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
        partial_index("charges_look", "look_at", where=text("look_at IS NOT NULL")),
        Index("charges_due", "due_id"),
    )
)
