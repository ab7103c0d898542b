"""Twilio's signatures: its own examples, every key of a rotation, proxies, and forgeries."""

from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from channels import forms
from channels.contract import RawRequest, Unverified
from channels.twilio.signatures import verify
from tests.channels.twilio_cases import HOOK, PUBLIC, SETTINGS, signed

TOKEN = b"12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
)
TWICE = (("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"))
BODY = b'{"property": "value", "boolean": true}'
HASHED = f"{URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

# (what, URL, fields or body, signature), from Twilio's documentation and its libraries' tests
VECTORS = [
    ("the documentation's", URL, FIELDS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("a field given twice", URL, TWICE, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    (
        "signed without the port that it was called at",
        URL.replace(".com", ".com:1234"),
        FIELDS,
        "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    ),
    (
        "http at a port",
        URL.replace("https", "http").replace(".com", ".com:1234"),
        FIELDS,
        "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
    ),
    ("signed with the port that https has", URL, FIELDS, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    (
        "signed with the port that http has",
        URL.replace("https", "http"),
        FIELDS,
        "0ZXoZLH/DfblKGATFgpif+LLRf4=",
    ),
    ("JSON, by the hash in its URL", HASHED, BODY, "a9nBmqA0ju/hNViExpshrM61xv4="),
]


def check(
    url: str,
    content: tuple[tuple[str, str], ...] | bytes,
    signature: str,
    keys: tuple[bytes, ...] = (TOKEN,),
    **headers: str,
) -> None:
    body = content if isinstance(content, bytes) else urlencode(content).encode()
    origin = "/".join(url.split("/")[:3])
    request = RawRequest("POST", url, {"X-Twilio-Signature": signature, **headers}, body)
    verify(keys, origin, request, forms.decode(body))


@pytest.mark.parametrize(
    ("url", "content", "signature"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS]
)
def test_twilios_own_examples(url: str, content: object, signature: str) -> None:
    check(url, content, signature)  # type: ignore[arg-type]
    for wrong in (signature.swapcase(), signature[:-2] + "A=", "", "=" * 28):
        with pytest.raises(Unverified):
            check(url, content, wrong)  # type: ignore[arg-type]
    with pytest.raises(Unverified):
        check(url + "&more=1", content, signature)  # type: ignore[arg-type]
    with pytest.raises(Unverified):
        check(url, content, signature, keys=(b"54321",))  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [BODY + b" ", b"", b"{}", BODY.replace(b"true", b"[1]")])
def test_another_body_than_the_hash_says(body: bytes) -> None:
    with pytest.raises(Unverified):
        check(HASHED, body, "a9nBmqA0ju/hNViExpshrM61xv4=")


ODD = [
    "https://[2001:db8::1]/hooks/main/status",
    "https://[2001:db8::1]:8443/hooks/main/status?a=1",
    "http://[::1]:8080/hooks/main/status",
    "https://user:pass@gateway.example.com/hooks/main/status",
    "https://user:pass@gateway.example.com:8443/hooks/main/status",
    "https://user:pa:ss@[2001:db8::1]:8443/hooks/main/status",
    "https://gateway.example.com:8443/hooks/main/status",
    "https://GATEWAY.example.com/hooks/main/status?A=%2B&b=a+b&c=",
    "https://gateway.example.com/hooks/m%C3%A4in/status",
]


def without_port(url: str) -> str:
    for port in (":8443/", ":8080/"):
        url = url.replace(port, "/")
    return url


@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
@pytest.mark.parametrize("url", ODD)
def test_ports_and_odd_urls(url: str, algorithm: str) -> None:
    """Signed as they stand, and without their port."""
    named = f"key=k,algorithm={algorithm}"
    for spelling in (url, without_port(url)):
        signature = RequestValidator("12345").compute_signature(
            spelling, MultiDict(FIELDS), algorithm
        )
        check(url, FIELDS, signature, **{"X-Twilio-Webhooks-Signature-Settings": named})


def request(token: str, url: str = HOOK) -> RawRequest:
    return signed(url, forms.encode(dict(FIELDS)), token)


@pytest.mark.parametrize("token", ["the one of now", "before", "after", "a rule's shared key"])
def test_every_key_of_a_rotation_verifies(token: str) -> None:
    settings = replace(
        SETTINGS, auth_token="the one of now", other_tokens="before, after,a rule's shared key,"
    )
    one = request(token)
    verify(settings.keys, PUBLIC, one, forms.decode(one.body))
    with pytest.raises(Unverified):
        verify(settings.keys[:1], PUBLIC, request("before"), FIELDS)


@pytest.mark.parametrize("other", ["", ",", " , ", "\t"])
def test_an_empty_key_verifies_nothing(other: str) -> None:
    settings = replace(SETTINGS, other_tokens=other)
    assert settings.keys == (SETTINGS.auth_token.encode(),)
    one = request("")
    with pytest.raises(Unverified):
        verify(settings.keys, PUBLIC, one, forms.decode(one.body))


FORGED_HEADERS = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "1",
    "Forwarded": "host=evil.example;proto=http",
    "X-Original-URL": "/hooks/other/status",
}


@pytest.mark.parametrize("name", FORGED_HEADERS)
def test_no_header_moves_the_address(name: str) -> None:
    """Neither may a proxy's header break a signature, nor make one that was for another place."""
    ours = request(SETTINGS.auth_token)
    theirs = request(SETTINGS.auth_token, "https://evil.example/hooks/main/status")
    for one, good in ((ours, True), (theirs, False)):
        more = structs.replace(one, url=HOOK, headers={**one.headers, name: FORGED_HEADERS[name]})
        if good:
            verify(SETTINGS.keys, PUBLIC, more, forms.decode(more.body))
        else:
            with pytest.raises(Unverified):
                verify(SETTINGS.keys, PUBLIC, more, forms.decode(more.body))


@pytest.mark.parametrize(
    "settings",
    ["key=k,algorithm=ROT13", "algorithm=", "algorithm=HMAC_SHA256,algorithm=", "key", ","],
)
def test_odd_announcements_of_an_algorithm(settings: str) -> None:
    given = request(SETTINGS.auth_token)
    more = structs.replace(
        given, headers={"X-Twilio-Webhooks-Signature-Settings": settings, "X-Twilio-Signature": "x"}
    )
    with pytest.raises(Unverified):
        verify(SETTINGS.keys, PUBLIC, more, FIELDS)


def test_json_without_a_hash_is_a_form_like_any_other() -> None:
    """Signed by its URL alone it would let any body through."""
    signature = RequestValidator("12345").compute_signature(URL, {})
    with pytest.raises(Unverified):
        check(URL, BODY, signature)
    with pytest.raises(Unverified):
        check(f"{URL}&bodySHA256=", BODY, signature)


@given(st.binary(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_nothing_escapes_and_nothing_passes(body: bytes, signature: str, url: str) -> None:
    digest = sha256(body).hexdigest()
    for address in (url, f"{PUBLIC}/{url}", f"{PUBLIC}/x?bodySHA256={digest}", HASHED):
        one = RawRequest("POST", address, {"X-Twilio-Signature": signature}, body)
        with pytest.raises(Unverified):
            verify((TOKEN,), PUBLIC, one, forms.decode(body))
