"""Reading a form that anyone may have sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web

from gateway.portal.site import Site, host
from payment_links.tokens import same_secret

LARGEST = 16_384  # bytes of a body; our own forms need a hundredth
LONGEST = 2_000  # characters of a field: a complaint in the customer's own words
FIELDS = 120  # an affordability form has some sixty


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an input: the summary links to `field`, the text stands at `group`."""

    field: str | None
    group: str | None
    text: str


class Refused(Exception):
    """The request can't be served; `status` is the HTTP status to answer with."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


async def read_body(request: web.Request, largest: int) -> bytes:
    """Raises Refused(413) without reading more than `largest` bytes."""
    if (request.content_length or 0) > largest:
        raise Refused(413)
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > largest:
            raise Refused(413)
    return bytes(body)


async def read_form(request: web.Request) -> Mapping[str, str]:
    """The fields of a urlencoded form, the last of each name, cut and without control characters.

    Raises Refused: 413, 415 for another content type, 400 for what is no form.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refused(415)
    body = await read_body(request, LARGEST)
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS
        )
    except ValueError:
        raise Refused(400) from None
    return {name: clean(value) for name, value in pairs}


def clean(text: str) -> str:
    """Without control characters but line ends, which text areas have."""
    kept = (
        char for char in text[:LONGEST].replace("\r\n", "\n") if char.isprintable() or char == "\n"
    )
    return "".join(kept).strip()


def check_origin(request: web.Request, site: Site) -> None:
    """Raises Refused(403) for a form that another site's page has sent.

    Our pages forbid the referrer, for which browsers send `Origin: null` with our own forms too;
    Sec-Fetch-Site tells these apart where the browser knows it, the form's own token does always.
    A client's own host is known by the request's Host, which no page of another site can choose.
    """
    where = request.headers.get("Sec-Fetch-Site")
    if where is not None and where not in ("same-origin", "none"):
        raise Refused(403)
    origin = request.headers.get("Origin", "null").lower()
    if origin not in ("null", site.origin, f"https://{host(request)}"):
        raise Refused(403)


def check_csrf(form: Mapping[str, str], expected: str) -> None:
    """Raises Refused(403)."""
    if not same_secret(form.get("csrf", ""), expected):
        raise Refused(403)
