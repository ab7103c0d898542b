"""The tables of mailboxes that we read: how far, by whom, and what was set aside."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, UniqueConstraint, text

from gateway.storage.columns import Id, Instant, id_column, metadata, partial_index

mailboxes = Table(  # a folder on a server; it may hold several clients' mails
    "mailboxes",
    metadata,
    Column("place", String(254), primary_key=True),  # user@host/folder
    Column("via", String(64), nullable=False),  # the adapter that reads it
    Column("begun_at", Instant, nullable=False),  # when it was first read
    Column("uid_validity", BigInteger),  # null until the first reading is over
    Column("last_uid", BigInteger),  # every mail up to it has been dealt with
    Column("owner", Id),  # the process that reads it
    Column("held_until", Instant, nullable=False, server_default=text("0")),
)

mails_aside = Table(  # a mail that could not be taken in; with set_aside_at it isn't tried again
    "mails_aside",
    metadata,
    id_column(),
    Column("place", String(254), nullable=False),
    Column("uid_validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),  # in bytes
    Column("received_at", Instant, nullable=False),  # by the server
    Column("tries", Integer, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("tried_at", Instant, nullable=False),
    Column("set_aside_at", Instant),
    UniqueConstraint("place", "uid_validity", "uid"),
    partial_index("mails_aside_at", "set_aside_at", where=text("set_aside_at IS NOT NULL")),
)
