"""The customer's pages: who is there, what is owed, and paying it. `routes` makes them."""

from gateway.portal.access import RouteAccessLogger
from gateway.portal.routes import routes
from gateway.portal.site import Site, link_url

__all__ = ["RouteAccessLogger", "Site", "link_url", "routes"]
