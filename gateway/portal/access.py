"""The access log, by route: a link's address is a secret, so no log line shows it."""

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


class RouteAccessLogger(AbstractAccessLogger):
    """For `web.AppRunner(app, access_log_class=RouteAccessLogger)`.

    Names the route (/p/{token}) instead of the path, and neither query, referrer nor agent.
    """

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        self.logger.info(
            '%s "%s %s" %d %d %.1f ms',
            request.remote,
            request.method,
            _route(request),
            response.status,
            response.body_length,
            time * 1000,
        )


def _route(request: web.BaseRequest) -> str:
    found = request.match_info if isinstance(request, web.Request) else None
    resource = found.route.resource if found is not None else None
    return resource.canonical if resource is not None else "(no route)"
