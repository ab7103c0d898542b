"""Both stores, with clients in them."""

from tests.activity.given import migrated_file, store, time, url

__all__ = ["migrated_file", "store", "time", "url"]
