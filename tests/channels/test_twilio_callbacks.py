"""What Twilio posts: the signature first, then the words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from twilio.request_validator import RequestValidator

from channels import forms
from channels.contract import Malformed, RawRequest, Unverified
from channels.twilio.callbacks import MAX_CHARS
from channels.twilio.sms import TwilioSms
from domain.messages import Inbound, Media, Receipt
from domain.values import ChannelKind
from tests.channels.twilio_cases import HOOK, PUBLIC, SETTINGS, Case, callback, load, signed

ADAPTER = TwilioSms(SETTINGS, HOOK)
ALL = [*load("inbound"), *load("status"), *load("malformed")]


@pytest.mark.parametrize("case", load("inbound"), ids=lambda case: case.name)
def test_inbound(case: Case) -> None:
    request = case.request
    (value,) = ADAPTER.parse(request)
    media = tuple(Media(url, kind) for url, kind in case.expected.get("media", ()))
    given = {**case.expected, "media": media}
    expected = Inbound(channel=ChannelKind.SMS, received_at=request.received_at, **given)
    assert value == expected


@pytest.mark.parametrize("case", load("status"), ids=lambda case: case.name)
def test_status(case: Case) -> None:
    request = case.request
    (value,) = ADAPTER.parse(request)
    assert isinstance(value, Receipt)
    assert value.raw == dict(forms.decode(case.body))
    reason = value.trouble.reason.value if value.trouble else None
    known = {**structs.asdict(value), "status": value.status.value, "reason": reason}
    assert {name: known[name] for name in case.expected} == case.expected
    assert (value.channel, value.received_at) == (ChannelKind.SMS, request.received_at)


@pytest.mark.parametrize("case", load("malformed"), ids=lambda case: case.name)
def test_malformed_names_the_field(case: Case) -> None:
    with pytest.raises(Malformed, match=case.names):
        ADAPTER.parse(case.request)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_whatever_twilio_signed_is_verified(case: Case) -> None:
    ADAPTER.verify(case.request)


def test_ten_megabytes_are_cut() -> None:
    body = callback(MessageSid="SM1", From="+1", To="+2", Body="x" * 10_000_000)
    ADAPTER.verify(body)
    (value,) = ADAPTER.parse(body)
    assert isinstance(value, Inbound)
    assert (len(value.text), value.truncated) == (MAX_CHARS, True)


TEXT = forms.encode({"MessageSid": "SM1", "From": "+1", "To": "+2", "Body": "hello there"})
GOOD = signed(HOOK, TEXT)


def resigned(signature: str) -> RawRequest:
    return structs.replace(GOOD, headers={"X-Twilio-Signature": signature})


FORGED = {
    "no signature": structs.replace(GOOD, headers={}),
    "blank signature": resigned(""),
    "another token": signed(HOOK, TEXT, token="another"),
    "not base64": resigned("!!!"),
    "not ascii": resigned("ä€\ud800"),
    "a shorter one": resigned(GOOD.headers["X-Twilio-Signature"][:-1]),
    "another body": structs.replace(GOOD, body=TEXT + b"&Body=more"),
    "one letter less": structs.replace(GOOD, body=TEXT[:-1]),
    "a field added": structs.replace(GOOD, body=TEXT + b"&Extra="),
    "a query added": structs.replace(GOOD, url=f"{HOOK}?attempt=1"),
    "another path": structs.replace(GOOD, url=f"{PUBLIC}/hooks/other/status"),
    "no body": structs.replace(GOOD, body=b""),
    "json": structs.replace(GOOD, body=b'{"a": [1, null]}'),
    "json that names a hash": structs.replace(GOOD, url=f"{HOOK}?bodySHA256=00", body=b"{}"),
    "bytes": structs.replace(GOOD, body=bytes(range(256))),
    "an unknown algorithm": signed(
        HOOK, TEXT, **{"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=ROT13"}
    ),
    "a url that is none": structs.replace(GOOD, url="http://[::1"),
    "a url with a port that is none": structs.replace(GOOD, url="https://gateway.example.com:x/"),
    "a url with a lone surrogate": structs.replace(GOOD, url=f"{HOOK}?a=\ud800"),
}


@pytest.mark.parametrize("request_", FORGED.values(), ids=FORGED.keys())
def test_forgeries(request_: RawRequest) -> None:
    with pytest.raises(Unverified):
        ADAPTER.verify(request_)


SIGNED = {
    "plain": GOOD,
    "header in another case": structs.replace(
        GOOD, headers={name.lower(): text for name, text in GOOD.headers.items()}
    ),
    "with a query": signed(f"{HOOK}?attempt=1&tag=a%20b&blank=", TEXT),
    "for the port that https has": structs.replace(
        signed("https://gateway.example.com:443/hooks/main/status", TEXT), url=HOOK
    ),
    "blank and repeated fields": signed(HOOK, TEXT + b"&Blank=&Twice=b&Twice=a&Twice=b"),
    "at the address behind a proxy": structs.replace(
        GOOD, url="http://10.0.0.7:8080/hooks/main/status"
    ),
    "at another address, with a query": structs.replace(
        signed(f"{HOOK}?attempt=1", TEXT), url="http://10.0.0.7/hooks/main/status?attempt=1"
    ),
    "with sha256": structs.replace(
        GOOD,
        headers={
            "X-Twilio-Signature": RequestValidator(SETTINGS.auth_token).compute_signature(
                HOOK, dict(forms.decode(TEXT)), "HMAC_SHA256"
            ),
            "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256",
        },
    ),
}


@pytest.mark.parametrize("request_", SIGNED.values(), ids=SIGNED.keys())
def test_signed(request_: RawRequest) -> None:
    ADAPTER.verify(request_)


def test_a_public_url_with_a_path() -> None:
    adapter = TwilioSms(replace(SETTINGS, public_url=f"{PUBLIC}/gw/"), HOOK)
    request = signed(f"{PUBLIC}/gw/hooks/main/inbound", TEXT)
    adapter.verify(request)
    adapter.verify(structs.replace(request, url="http://10.0.0.7/hooks/main/inbound"))


@given(st.binary(max_size=200), st.dictionaries(st.text(max_size=20), st.text(max_size=40)))
def test_nothing_escapes_but_the_contracts_errors(body: bytes, headers: dict[str, str]) -> None:
    request = RawRequest("POST", HOOK, headers, body)
    with pytest.raises(Unverified):
        ADAPTER.verify(request)
    with pytest.raises(Malformed):
        ADAPTER.parse(request)


@given(st.text(max_size=2000))
def test_any_text_is_kept_but_for_nuls(text: str) -> None:
    request = callback(MessageSid="SM1", From="+14155550123", To="+2", Body=text)
    ADAPTER.verify(request)
    (value,) = ADAPTER.parse(request)
    assert isinstance(value, Inbound)
    assert value.text == text.replace("\0", "")[:MAX_CHARS]


def test_the_answer_is_empty_twiml() -> None:
    assert ADAPTER.acknowledge(GOOD) == ("text/xml", b"<Response/>")
