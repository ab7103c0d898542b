"""The tables of published dialog packs, which clients share."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from gateway.storage.columns import Instant, id_column, metadata

packs = Table(
    "packs",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("latest", Integer, nullable=False),  # the number that was given last
    Column("revision", Integer, nullable=False),  # rises with whatever is done to the pack
    Column("created_at", Instant, nullable=False),
)

pack_versions = Table(
    "pack_versions",
    metadata,
    Column("pack", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("label", Text, nullable=False),  # the version that its author gave it in pack.yml
    Column("content", Text, nullable=False),  # canonical JSON: the texts of its files by name
    Column("sha256", String(64), nullable=False),  # of the content
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("origin", Integer),  # the version that a roll-back published again
    Column("published_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", Text),
    Column("withdrawn_note", Text),
    Column("model", Text),  # the pack's own, in base64
    Column("model_data", String(64)),  # names what it was trained on
)

pack_mappings = Table(
    "pack_mappings",
    metadata,
    id_column(),
    Column("pack", String(64), nullable=False),
    Column("from_version", Integer, nullable=False),
    Column("to_version", Integer, nullable=False),
    Column("moves", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("pack_mappings_pack", "pack", "from_version"),
)
