"""A mail server as a setting names it: smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS."""

from urllib.parse import unquote, urlsplit

from msgspec import Struct

PORTS = {"smtp": 25, "smtps": 465}


class MailServer(Struct, frozen=True):
    """`tls` from the first byte on; without it the connection is upgraded where the server can,
    and must be before a password goes over it."""

    host: str
    port: int
    tls: bool
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


def server_at(url: str, *, by_token: bool = False) -> MailServer:
    """Raises ValueError, which shows nothing of the URL. With `by_token` a user needs no password
    there, and must have none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("it is not a URL of a mail server") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("it is not a URL of a mail server")
    if by_token and (not parts.username or parts.password is not None):
        raise ValueError("it must have a user and no password, since a token is fetched for it")
    if not by_token and (parts.username is None) != (parts.password is None):
        raise ValueError("it has a user without a password")
    return MailServer(
        parts.hostname,
        port or PORTS[parts.scheme],
        parts.scheme == "smtps",
        None if parts.username is None else unquote(parts.username),
        None if parts.password is None else unquote(parts.password),
    )
