"""The tables of what only email has: machines' mails, what they said came back, files."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from gateway.storage.columns import Id, Instant, client_column, id_column, metadata, partial_index

machine_mails = Table(  # apart from `inbound`, so that nothing takes them for a customer's words
    "machine_mails",
    metadata,
    id_column(),
    client_column(),
    Column("via", String(64), nullable=False),  # the adapter that brought it
    Column("provider_id", String(254), nullable=False),
    Column("kind", String(16), nullable=False),  # domain.mail.MailKind, never reply
    Column("sender", String(254), nullable=False),
    Column("address", String(254), nullable=False),  # whom it is from, as it says
    Column("conversation_id", Id),  # null where it is about no message and no customer of ours
    Column("outbound_id", Id),  # the message of ours that it surely is about
    Column("message_id", String(254)),
    Column("subject", Text),
    Column("text", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("via", "provider_id"),
    partial_index(
        "machine_mails_nobodys", "client", "received_at", where=text("conversation_id IS NULL")
    ),
)

mail_bounces = Table(  # what came back, of messages that surely were ours
    "mail_bounces",
    metadata,
    id_column(),
    client_column(),
    Column("mail_id", Id, nullable=False),  # the machine's mail that says so
    Column("outbound_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("address", String(254), nullable=False),  # that we wrote to
    Column("permanent", Integer, nullable=False),  # 1 or 0
    Column("status", String(16)),  # RFC 3463's
    Column("received_at", Instant, nullable=False),
    Index("mail_bounces_address", "client", "address", "received_at"),
)

mail_attachments = Table(
    "mail_attachments",
    metadata,
    id_column(),
    client_column(),
    Column("mail_id", Id, nullable=False),  # of `inbound` or of `machine_mails`
    Column("conversation_id", Id),
    Column("number", Integer, nullable=False),  # among those of its mail, from 1
    Column("name", String(254), nullable=False),
    Column("content_type", String(128), nullable=False),
    Column("size", Integer, nullable=False),  # in bytes
    Column("content", Text),  # base64; null where it is not kept
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("mail_id", "number"),
)
