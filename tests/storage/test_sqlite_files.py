"""Opening and leaving one file from many threads at once, as commands beside each other do."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gateway.storage.sqlite import connect


def test_whoever_opens_waits_for_whoever_leaves(tmp_path: Path) -> None:
    """The last connection to go has the file for itself a moment."""
    path = tmp_path / "gateway.db"

    def come_and_go(_: int) -> None:
        for _ in range(40):
            connection = connect(path)
            try:
                connection.execute("CREATE TABLE IF NOT EXISTS t (a)")
            except sqlite3.OperationalError:
                pass  # two wrote at once: stores have one writer each
            finally:
                connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come_and_go, range(4)))
