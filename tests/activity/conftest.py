"""Both stores, with clients in them."""

from tests.activity.given import store, time, url

__all__ = ["store", "time", "url"]
