"""Whether Twilio has signed a callback (www.twilio.com/docs/usage/webhooks/webhooks-security).

The signed text is the URL that Twilio called, then each field's name and value in order; the key is
the account's auth token, or the shared key of a webhook rule, which a header announces. The URL is
made of the configured public one and the path that came: what Host or X-Forwarded-* say is not
asked, so a proxy can neither break a signature nor forge an address.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from hmac import compare_digest, digest
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    get_signature_algorithm,
)

from channels.contract import RawRequest, Unverified

ALGORITHMS = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}
BODY_HASH = "bodySHA256"
"""The query parameter by which a body that is no form is signed with its URL."""

Fields = Sequence[tuple[str, str]]


def verify(keys: Sequence[bytes], public_url: str, request: RawRequest, fields: Fields) -> None:
    """Raises Unverified unless one of `keys` has signed these fields for our public URL."""
    try:
        url = _called(public_url.rstrip("/"), request.url)
        genuine = _genuine(keys, url, request, fields)
    except (ValueError, UnicodeError) as error:
        raise Unverified(f"the signature can't be checked: {type(error).__name__}") from None
    if not genuine:
        raise Unverified("the signature is missing or wrong")


def _called(public_url: str, url: str) -> str:
    if url.startswith(public_url + "/"):
        return url
    parts = urlsplit(url)
    return public_url + parts.path + (f"?{parts.query}" if parts.query else "")


def _genuine(keys: Sequence[bytes], url: str, request: RawRequest, fields: Fields) -> bool:
    signature = _header(request, SIGNATURE_HEADER)
    if not signature:
        return False
    given = signature.encode()
    settings = _header(request, SIGNATURE_SETTINGS_HEADER)
    if BODY_HASH in url and (named := parse_qs(urlsplit(url).query).get(BODY_HASH)):
        if not compare_digest(sha256(request.body).hexdigest().encode(), named[0].encode()):
            return False
        fields = ()
    if settings is None and _signed(keys, "sha1", url, fields, given):
        return True  # nearly all: the URL as it stands
    algorithm = ALGORITHMS.get(get_signature_algorithm(settings).upper())
    if algorithm is None:
        return False
    return any(_signed(keys, algorithm, one, fields, given) for one in _spellings(url))


def _spellings(url: str) -> Iterator[str]:
    """Twilio signs with the port or without it, whichever it likes."""
    yield url
    parts = urlsplit(url)
    if parts.port is None:
        netloc = f"{parts.netloc}:{443 if parts.scheme == 'https' else 80}"
    else:
        netloc = parts.netloc.rpartition(":")[0]
    yield parts._replace(netloc=netloc).geturl()


def _signed(
    keys: Sequence[bytes], algorithm: str, url: str, fields: Fields, signature: bytes
) -> bool:
    signed = (url + "".join([name + text for name, text in sorted(set(fields))])).encode()
    # All keys are tried, so that the time taken tells nothing of which one it was.
    found = [compare_digest(b64encode(digest(key, signed, algorithm)), signature) for key in keys]
    return any(found)


def _header(request: RawRequest, name: str) -> str | None:
    """Header names have no case, and the mapping we are handed may have one."""
    found = request.headers.get(name)
    if found is not None:
        return found
    lowered = name.lower()
    return next((text for key, text in request.headers.items() if key.lower() == lowered), None)
