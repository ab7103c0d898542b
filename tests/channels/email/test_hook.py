"""Mails that are posted to us: who may, and where in the post the mail is."""

import base64
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from channels.contract import Malformed, RawRequest, SendError, Unverified
from channels.email.desk import Nobodys
from channels.email.hook import TOLERANCE, HookSettings, MailHook
from channels.email.hook_body import posted
from channels.registry import Misconfigured, open_channel
from domain.messages import Content, Inbound, Outbound
from domain.values import ChannelKind
from tests.channels.email.desks import CARE, Desk, mail

SECRET, KEY, PASSWORD = "signing secret of ours", "key-0123456789abcdef", "a long password, this"
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
AT = str(int(NOW.timestamp()))
RAW = mail("Hello")
EVERY_BYTE = b"Subject: x\r\n\r\n" + bytes(range(256)) + b"\r\n--\r\nend"


KINDS = (
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary*=x",
    "application/x-www-form-urlencoded",
    "application/json",
    "a/b",
    "",
)


def request(body: bytes, kind: str = "message/rfc822", **headers: str) -> RawRequest:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    url = "https://gateway.example/hooks/mailhook/inbound"
    return RawRequest("POST", url, {"Content-Type": kind, **named}, body, NOW)


def hook(**more: Any) -> MailHook:
    made = MailHook(HookSettings(**more), "")
    made.attach(Desk())
    return made


def signed(
    body: bytes = RAW, secret: bytes = SECRET.encode(), at: str = AT, **more: str
) -> RawRequest:
    text = b"mail-1." + at.encode() + b"." + body
    given = base64.b64encode(hmac.digest(secret, text, "sha256")).decode()
    headers = {"webhook_id": "mail-1", "webhook_timestamp": at, "webhook_signature": f"v1,{given}"}
    return request(body, **headers | more)


def multipart(fields: dict[str, bytes], boundary: str = "xYzZY") -> RawRequest:
    parts = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (boundary.encode(), name.encode(), body)
        for name, body in fields.items()
    )
    body = parts + f"--{boundary}--\r\n".encode()
    return request(body, f'multipart/form-data; boundary="{boundary}"')


def mailgun(key: bytes = KEY.encode(), at: str = AT, **more: str) -> dict[str, str]:
    given = hmac.new(key, (at + "token").encode(), "sha256").hexdigest()
    return {"timestamp": at, "token": "token", "signature": given} | more


class TestWho:
    def test_who_signs_the_whole_body(self) -> None:
        made = hook(signing_secret=SECRET)
        made.verify(signed())
        key = b"\1\2\3" * 8
        made = hook(signing_secret="whsec_" + base64.b64encode(key).decode())
        made.verify(signed(secret=key))
        known = signed(secret=key).headers["webhook-signature"]
        both = f"{signed(secret=b'the one before').headers['webhook-signature']} {known}"
        made.verify(signed(secret=key, webhook_signature=both))

    @pytest.mark.parametrize(
        "wrong",
        [
            request(RAW),
            structs.replace(signed(), body=RAW + b"x"),
            signed(secret=b"another secret of theirs"),
            signed(webhook_id="mail-2"),
            signed(webhook_timestamp=str(int(AT) + 1)),
            signed(webhook_signature=""),
            signed(webhook_signature="v1,"),
            signed(webhook_signature="ü€"),
            signed(webhook_signature="\udcff"),
            signed(webhook_id="\udcff"),
            signed(at=str(int(AT) - int(TOLERANCE) - 1)),
            signed(at=str(int(AT) + int(TOLERANCE) + 1)),
            signed(at=""),
            signed(at="soon"),
            signed(at="-1"),
            signed(at="²"),
            signed(at="9" * 400),
            request(RAW, Authorization=f"Bearer {SECRET}"),
        ],
    )
    def test_who_does_not(self, wrong: RawRequest) -> None:
        with pytest.raises(Unverified):
            hook(signing_secret=SECRET).verify(wrong)

    @pytest.mark.parametrize("user", ["gateway", "", "a"])
    def test_a_password(self, user: str) -> None:
        given = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
        made = hook(password=PASSWORD)
        made.verify(request(RAW, Authorization=f"Basic {given}"))
        made.verify(request(RAW, authorization=f"Bearer {PASSWORD}"))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Basic",
            "Basic !!!",
            f"Basic {base64.b64encode(PASSWORD.encode()).decode()}",
            f"Basic {base64.b64encode(b'x:' + PASSWORD[:-1].encode()).decode()}",
            f"Bearer {PASSWORD}x",
            "Bearer",
            "Bearer é",
            "Bearer \udcff",
            PASSWORD,
            f"Digest {PASSWORD}",
        ],
    )
    def test_a_wrong_password(self, text: str) -> None:
        with pytest.raises(Unverified):
            hook(password=PASSWORD).verify(request(RAW, Authorization=text))

    def test_mailgun(self) -> None:
        made = hook(mailgun_key=KEY)
        form = mailgun(**{"body-mime": RAW.decode()})
        made.verify(multipart({name: text.encode() for name, text in form.items()}))
        kind = "application/x-www-form-urlencoded"
        made.verify(request(urlencode(form).encode(), kind))

    @pytest.mark.parametrize(
        "form",
        [
            mailgun(key=b"another"),
            mailgun(at=str(int(AT) - 3600)),
            mailgun(timestamp="x"),
            mailgun(token="other"),
            {},
        ],
    )
    def test_not_mailgun(self, form: dict[str, str]) -> None:
        with pytest.raises(Unverified):
            hook(mailgun_key=KEY).verify(
                multipart({name: text.encode() for name, text in form.items()})
            )

    def test_one_way_does_not_open_another(self) -> None:
        """A way that is not set up, or whose secret is empty, lets nobody in."""
        empty = base64.b64encode(hmac.digest(b"", b"mail-1." + AT.encode() + b"." + RAW, "sha256"))
        for made in (hook(password=PASSWORD), hook(mailgun_key=KEY)):
            with pytest.raises(Unverified):
                made.verify(signed(secret=b"", webhook_signature=f"v1,{empty.decode()}"))
        with pytest.raises(Unverified):
            hook(signing_secret=SECRET).verify(request(RAW, Authorization="Bearer "))


class TestWhere:
    @pytest.mark.parametrize("raw", [RAW, EVERY_BYTE])
    @pytest.mark.parametrize("name", ["email", "body-mime"])
    def test_the_mail_stays_byte_for_byte(self, raw: bytes, name: str) -> None:
        assert posted(request(raw)).raw == raw
        assert posted(multipart({"to": b"x", name: raw, "z": b""})).raw == raw
        kind = "application/x-www-form-urlencoded"
        assert posted(request(urlencode({name: raw, "a": "b"}).encode(), kind)).raw == raw

    @given(st.binary(min_size=1, max_size=300).filter(lambda body: body.strip()))
    def test_any_bytes_do(self, raw: bytes) -> None:
        assert posted(multipart({"email": raw}, "=_b0undary_that_is_no_part_of_it")).raw == raw

    def test_postmark(self) -> None:
        body = msgspec.json.encode(
            {"RawEmail": RAW.decode(), "OriginalRecipient": "care+x@agency.example", "From": "x"}
        )
        found = posted(request(body, "application/json; charset=utf-8"))
        assert (found.raw, found.envelope) == (RAW, ("care+x@agency.example",))

    @pytest.mark.parametrize(
        ("given", "envelope"),
        [
            (request(RAW, X_Envelope_To="<care@agency.example>"), ("care@agency.example",)),
            (
                multipart({"email": RAW, "envelope": b'{"to":["a@x.example","b@x.example"]}'}),
                ("a@x.example", "b@x.example"),
            ),
            (multipart({"email": RAW, "envelope": b"not JSON"}), ()),
            (multipart({"email": RAW, "envelope": b'{"to": {"a": 1}}'}), ()),
            (multipart({"body-mime": RAW, "recipient": b"c@x.example"}), ("c@x.example",)),
        ],
    )
    def test_whom_it_was_for(self, given: RawRequest, envelope: tuple[str, ...]) -> None:
        assert posted(given).envelope == envelope

    @pytest.mark.parametrize(
        "wrong",
        [
            request(b""),
            request(b" \r\n"),
            request(RAW, "image/png"),
            request(RAW, "multipart/form-data"),
            request(b"", "multipart/form-data; boundary=x"),
            request(b"--x", "multipart/form-data; boundary=x"),
            request(RAW, f"multipart/form-data; boundary={'x' * 500}"),
            multipart({"text": b"only parsed"}),
            multipart({"email": b""}),
            multipart({f"f{number}": b"x" for number in range(201)} | {"email": RAW}),
            request(b"a=b", "application/x-www-form-urlencoded"),
            request(b"&" * 1000, "application/x-www-form-urlencoded"),
            request(b"{}", "application/json"),
            request(b'{"RawEmail": ""}', "application/json"),
            request(b'{"RawEmail": 1}', "application/json"),
            request(b"\xff", "application/json"),
        ],
    )
    def test_no_mail_in_it(self, wrong: RawRequest) -> None:
        with pytest.raises(Malformed):
            hook(password=PASSWORD).parse(wrong)

    @given(st.binary(max_size=300), st.sampled_from(KINDS))
    def test_no_post_breaks_it(self, body: bytes, kind: str) -> None:
        made = hook(password=PASSWORD, mailgun_key=KEY, signing_secret=SECRET)
        for post in (request(body, kind), request(b"--x\r\n" + body + b"\r\n--x--", kind)):
            with pytest.raises(Unverified):
                made.verify(post)
            try:
                found = made.parse(post)
            except Malformed:
                continue
            assert isinstance(found[0], Inbound)


def test_a_mail_is_one_message() -> None:
    (found,) = hook(password=PASSWORD).parse(request(RAW))
    assert isinstance(found, Inbound)
    assert (found.sender, found.address, found.subject) == (CARE, "ada@post.example", "Hello")
    assert found.received_at == NOW
    assert found.letter is not None


def test_too_large_a_mail() -> None:
    with pytest.raises(Malformed, match="2000 bytes"):
        hook(password=PASSWORD, largest=2000).parse(request(mail("x", "y" * 2000)))


def test_nobodys_mail_and_no_desk() -> None:
    made = hook(password=PASSWORD)
    made.attach(Desk(mine=()))
    with pytest.raises(Nobodys):
        made.parse(request(RAW))
    with pytest.raises(Malformed):
        MailHook(HookSettings(password=PASSWORD), "").parse(request(RAW))


async def test_it_sends_nothing() -> None:
    message = Outbound("1", ChannelKind.EMAIL, CARE, "c@d.example", Content("x"))
    with pytest.raises(SendError) as caught:
        await hook(password=PASSWORD).send(message)
    assert caught.value.retry == "never"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "^signing_secret: give one"),
        ({"password": "short"}, "^password: give 16"),
        ({"mailgun_key": "short"}, "^mailgun_key: give 16"),
        ({"signing_secret": "whsec_no base64!!!"}, "^signing_secret: give base64"),
        ({"password": PASSWORD, "largest": "1"}, "^largest: give bytes"),
        ({"password": PASSWORD, "user": "x"}, "^user: there is no such setting"),
    ],
)
def test_wrong_settings_are_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(Misconfigured, match=named) as caught:
        open_channel("mailhook", given, "")
    assert PASSWORD not in str(caught.value)
    assert PASSWORD not in repr(HookSettings(password=PASSWORD))
