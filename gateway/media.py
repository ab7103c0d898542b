"""Pictures and files that customers sent, fetched when a person asks for them.

An address comes from outside, and what lies there does, too. So: only a few types, told by their
first bytes as well as by what the server says; a few megabytes; public addresses alone, checked
where each connection is made, after every redirect; and our login for the provider's own API only.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from channels.contract import Channel, Illustrated
from channels.http1 import AnswerLost, Http1, NotSent, Origin
from channels.http1_answer import Answer
from gateway.outcomes.networks import Network, Refused, dialler

MOST = 5 * 1024 * 1024  # bytes; as many as an MMS may have
HOPS = 4
TIMEOUT = 20.0  # seconds for each hop
REDIRECTS = {301, 302, 303, 307, 308}

STARTS: Mapping[str, tuple[bytes, ...]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "application/pdf": (b"%PDF-",),
}
"""The types that are fetched, and how each begins."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "application/pdf": "pdf"}

NOT_KEPT = "only its name is kept: it was too large, or came from an address of no customer"


class Picture(Struct, frozen=True):
    content_type: str
    body: bytes

    @property
    def ending(self) -> str:
        return ENDINGS[self.content_type]


class NotFetched(Exception):
    """The message says why; `down` where another time may do."""

    def __init__(self, why: str, *, down: bool = False) -> None:
        super().__init__(why)
        self.down = down


def kept(one: dict[str, Any], folder: Path, message_id: str, body: bytes | None) -> dict[str, Any]:
    """Writes a mail's file, as `saved` does. What it is, its first bytes say: senders often name
    another type, and the name is theirs, too."""
    if body is None:
        return one | {"error": NOT_KEPT}
    kind = next((kind for kind, starts in STARTS.items() if body.startswith(starts)), None)
    if kind is None:
        return one | {"error": f"it is not one of {', '.join(STARTS)}"}
    return _written(one, folder, message_id, Picture(kind, body))


def _written(
    one: dict[str, Any], folder: Path, message_id: str, picture: Picture
) -> dict[str, Any]:
    path = folder / f"{message_id}-{one['number']}.{picture.ending}"
    try:
        with path.open("xb") as file:
            file.write(picture.body)
    except OSError as error:
        return one | {"error": f"{error.filename or folder}: {error.strerror}"}
    return one | {"content_type": picture.content_type, "file": str(path)}


async def saved(
    one: dict[str, Any],
    folder: Path,
    message_id: str,
    channel: Channel,
    networks: Sequence[Network] = (),
) -> dict[str, Any]:
    """Fetches what gateway.activity.media lists into a new file: the same with `file`, or with
    `error` (and `down`, where another time may do). No file is ever written over."""
    if not isinstance(channel, Illustrated):
        return one | {"error": "its provider keeps no pictures or files"}
    try:
        picture = await fetch(one["url"], channel, networks)
    except NotFetched as error:
        return one | {"error": str(error), "down": error.down}
    return _written(one, folder, message_id, picture)


async def fetch(url: str, channel: Illustrated, networks: Sequence[Network] = ()) -> Picture:
    """What lies at a message's media address. Raises NotFetched."""
    for _ in range(HOPS):
        answer = await _ask(url, channel.media_headers(url), networks)
        if answer.status not in REDIRECTS:
            return _picture(answer)
        there = answer.headers.get("location", "")
        if not there:
            raise NotFetched("the provider redirects to nowhere")
        url = _joined(url, there)
    raise NotFetched("the provider redirects again and again")


def _joined(url: str, there: str) -> str:
    try:
        return urljoin(url, there)
    except ValueError:
        raise NotFetched("the provider redirects to nowhere") from None


async def _ask(url: str, headers: Mapping[str, str], networks: Sequence[Network]) -> Answer:
    """Only the provider's API may be plain http, where it was configured so."""
    try:
        origin = Origin.of(url)
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        target.encode("ascii")
    except ValueError:
        raise NotFetched("its address is not one of the web") from None
    if not origin.secure and not headers:
        raise NotFetched("its address is not https")
    if parts.username is not None or any(sign <= " " for sign in target):
        raise NotFetched("its address is not one of the web")
    at = Origin(origin.host, origin.port, origin.secure, origin.authority, "")
    http = Http1(at, TIMEOUT, dial=dialler(networks), most=MOST)
    try:
        return await http.request("GET", target, headers)
    except Refused as error:
        raise NotFetched(str(error)) from None
    except ValueError:  # a host that can't be a name
        raise NotFetched("its address is not one of the web") from None
    except NotSent:
        raise NotFetched("the provider can't be reached", down=True) from None
    except AnswerLost as error:
        raise NotFetched(f"no picture came: {error}", down=True) from None
    finally:
        await http.close()


def _picture(answer: Answer) -> Picture:
    if answer.status != 200:
        down = answer.status >= 500 or answer.status == 429
        raise NotFetched(f"the provider answered {answer.status}", down=down)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in STARTS:
        raise NotFetched(f"it is not one of {', '.join(STARTS)}")
    if not answer.body.startswith(STARTS[kind]):
        raise NotFetched(f"it says that it is {kind}, and is not")
    return Picture(kind, answer.body)
