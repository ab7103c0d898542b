"""Tables, transactions and migrations, the same over SQLite and PostgreSQL."""

from gateway.storage import charging_tables  # noqa: F401 - its tables belong to the metadata
from gateway.storage.statements import among
from gateway.storage.store import Store, StoreError, Transaction, decode, encode, ping

__all__ = ["Store", "StoreError", "Transaction", "among", "decode", "encode", "ping"]
