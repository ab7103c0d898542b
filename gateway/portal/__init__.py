"""The customer's pages: who is there, what is owed, and paying it. `routes` makes them."""

from gateway.portal.routes import routes
from gateway.portal.site import Site

__all__ = ["Site", "routes"]
