"""The few column kinds, chosen so that both stores take and give the same Python values."""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Text
from sqlalchemy.dialects import postgresql

metadata = MetaData()
"""Every table belongs to it."""

Id = String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
Instant = BigInteger  # microseconds since the Unix epoch, UTC
Minor = BigInteger  # money in minor units of the row's currency
Json = Text().with_variant(postgresql.JSONB(), "postgresql")  # written and read as text
Position = BigInteger().with_variant(Integer(), "sqlite")  # INTEGER is what counts by itself there


def id_column() -> Column[Any]:
    return Column("id", Id, primary_key=True)


def position_column() -> Column[Any]:
    """Rises with every row; two rows that wait for one lock get it in the order of the lock."""
    return Column("position", Position, primary_key=True, autoincrement=True)


def client_column() -> Column[Any]:
    return Column("client", String(64), nullable=False)


def partial_index(name: str, *columns: str, where: Any, unique: bool = False) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where, unique=unique)
