"""SQLAlchemy Core statements, compiled once for each dialect; bulk statements by table.

Names in the bulk statements come from the tables and from code, never from data.
"""
# ruff: noqa: S608 - see above

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import ARRAY, NULLTYPE

from gateway.storage.columns import Json

SQLITE: Dialect = sqlite.dialect()
POSTGRES: Dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]


class Compiled(NamedTuple):
    """SQL with positional parameters, their names in that order, and values fixed by the text."""

    sql: str
    names: tuple[str, ...]
    fixed: dict[str, Any]

    def arguments(self, params: dict[str, Any]) -> list[Any]:
        """Raises KeyError for a parameter that was not given."""
        fixed = self.fixed
        return [fixed[name] if name in fixed else params[name] for name in self.names]


class among(ColumnElement[bool]):  # noqa: N801 - reads as a function
    """`column` is one of the list parameter `name` (which must not hold NULL)."""

    inherit_cache = False
    # Boolean would be compared with 1 on SQLite, past every index.
    type = NULLTYPE  # type: ignore[assignment]

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.name = name

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects  # noqa: SLF001 - what the compiler asks of an element


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    values = compiler.process(bindparam(element.name), **kw)
    return f"{compiler.process(element.column, **kw)} IN (SELECT value FROM json_each({values}))"


@compiles(among, "postgresql")
def _among_postgres(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    values = compiler.process(bindparam(element.name, type_=ARRAY(element.column.type)), **kw)
    return f"{compiler.process(element.column, **kw)} = ANY({values})"


@lru_cache(maxsize=1024)
def compiled(statement: Executable, dialect: Dialect) -> Compiled:
    """Statements are module constants, so each is compiled once per process and dialect."""
    made = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    names = tuple(made.positiontup or ())
    fixed = {name: bind.value for name, bind in made.binds.items() if not bind.required}
    return Compiled(made.string, names, fixed)


@lru_cache(maxsize=256)
def _given(table: Table, columns: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The parameter, a JSON array of objects, as rows called `given`; and each column's value.

    One JSON text costs the driver a sixth of what an array for each column does, and the server
    no more. Json columns travel as the text that they are.
    """
    declared, values = [], {}
    for name in columns:
        kind = table.c[name].type
        text = kind is Json
        declared.append(f"{name} {'TEXT' if text else kind.compile(dialect=POSTGRES)}")
        values[name] = f"given.{name}::JSONB" if text else f"given.{name}"
    return f"json_to_recordset($1::JSON) AS given ({', '.join(declared)})", values


@lru_cache(maxsize=256)
def insert_postgres(table: Table, columns: tuple[str, ...], returning: str | None) -> str:
    """Rows get their positions in the order in which they are given."""
    rows, values = _given(table, columns)
    sql = (
        f"INSERT INTO {table.name} ({', '.join(columns)}) "
        f"SELECT {', '.join(values.values())} FROM {rows}"
    )
    return f"{sql} ON CONFLICT DO NOTHING RETURNING {returning}" if returning else sql


@lru_cache(maxsize=256)
def insert_sqlite(table: Table, columns: tuple[str, ...], returning: str | None) -> str:
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"
    return f"{sql} ON CONFLICT DO NOTHING RETURNING {returning}" if returning else sql


@lru_cache(maxsize=256)
def update_postgres(table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    rows, values = _given(table, columns)
    changes = ", ".join(f"{name} = {values[name]}" for name in columns if name not in key)
    match = " AND ".join(f"{table.name}.{name} = {values[name]}" for name in key)
    return f"UPDATE {table.name} SET {changes} FROM {rows} WHERE {match}"


@lru_cache(maxsize=1024)
def together_postgres(writes: tuple[str, ...]) -> str:
    """Writes with one parameter each, to different tables, as one statement. None sees what the
    others do, and their order is not defined."""
    numbered = [sql.replace("$1::", f"${at}::") for at, sql in enumerate(writes, 1)]
    *first, last = numbered
    named = ", ".join(f"write_{at} AS ({sql})" for at, sql in enumerate(first, 1))
    return f"WITH {named} {last}" if first else last


@lru_cache(maxsize=256)
def update_sqlite(table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    """Takes the new values in their order, then those of the key."""
    changes = ", ".join(f"{name} = ?" for name in columns if name not in key)
    match = " AND ".join(f"{name} = ?" for name in key)
    return f"UPDATE {table.name} SET {changes} WHERE {match}"


def columns_of(rows: Sequence[Any]) -> tuple[str, ...]:
    return tuple(rows[0])


@lru_cache(maxsize=512)
def row_maker(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    """Makes a driver's row one whose columns are attributes."""
    row: Any = namedtuple("Row", list(columns), rename=True)  # type: ignore[misc]
    make: Callable[[Iterable[Any]], Any] = row._make
    return make


@lru_cache(maxsize=512)
def values_getter(columns: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Takes the values of these columns out of a row given as a mapping."""
    if len(columns) > 1:
        return itemgetter(*columns)
    [name] = columns
    return lambda row: (row[name],)
