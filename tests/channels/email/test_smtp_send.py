"""Sending to a real mail server on loopback that refuses, greylists, cuts and falls silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from msgspec import structs

from channels.contract import SendError
from channels.email.pool import Dialler, Pool
from channels.email.settings import SmtpSettings
from channels.email.smtp import SmtpEmail, Talk
from channels.email.writing import write
from domain.mail import Posting
from domain.messages import Content, Outbound, Reason
from domain.values import ChannelKind
from tests.standins.mailhost import DROP, SILENCE, Mailhost, hosting

SENDER, CUSTOMER = "care@agency.example", "jo@mail.example"


def outbound(number: int = 0, text: str = "hello", to: str = CUSTOMER) -> Outbound:
    token = f"token{number}"
    content = Content(text, subject="About your account")
    return Outbound(
        f"0198c000-0000-7000-8000-{number:012}",
        ChannelKind.EMAIL,
        SENDER,
        to,
        content,
        posting=Posting(token),
    )


def channel_at(port: int, **more: object) -> SmtpEmail:
    given = {"url": f"smtp://127.0.0.1:{port}", "encryption": "none", "timeout": 10.0} | more
    return SmtpEmail(SmtpSettings(**given), "")  # type: ignore[arg-type]


@asynccontextmanager
async def sending(host: Mailhost, **more: object) -> AsyncIterator[SmtpEmail]:
    async with hosting(host) as port:
        channel = channel_at(port, **more)
        yield channel
        await channel.close()


@pytest.fixture
def host() -> Mailhost:
    return Mailhost()


@pytest.fixture
async def channel(host: Mailhost) -> AsyncIterator[SmtpEmail]:
    async with sending(host) as made:
        yield made


async def refused(channel: SmtpEmail, message: Outbound | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        await channel.send(message or outbound())
    assert CUSTOMER not in str(caught.value)
    return caught.value


async def test_a_mail_and_its_envelope(host: Mailhost, channel: SmtpEmail) -> None:
    assert await channel.send(outbound(7)) == "token7@agency.example"
    [taken] = host.taken
    assert taken.sender == "care+token7@agency.example"
    assert taken.recipients == (CUSTOMER,)
    assert taken.mail["Message-ID"] == "<token7@agency.example>"
    assert taken.mail["Reply-To"] == "care+token7@agency.example"
    assert taken.text == "hello\n"


async def test_a_return_path_elsewhere(host: Mailhost) -> None:
    async with sending(host, return_domain="bounces.agency.example") as channel:
        await channel.send(outbound(7))
    [taken] = host.taken
    assert taken.sender == "care+token7@bounces.agency.example"
    assert taken.mail["Reply-To"] == "care+token7@agency.example"


async def test_without_a_posting_the_attempt_names_it(host: Mailhost, channel: SmtpEmail) -> None:
    attempt = "0198c000-0000-7000-8000-000000000001"
    bare = Outbound(attempt, ChannelKind.EMAIL, SENDER, CUSTOMER, Content("hello"))
    assert await channel.send(bare) == f"{attempt}@agency.example"
    assert host.taken[0].sender == f"care+{attempt}@agency.example"


async def test_lines_that_begin_with_a_dot_arrive(host: Mailhost, channel: SmtpEmail) -> None:
    text = ".\n..\n.hidden\n\n.\nend\n"
    await channel.send(outbound(text=text))
    assert host.taken[0].text == text


REFUSALS = [
    ("RCPT", "550 5.1.1 no such user jo@mail.example", Reason.BAD_ADDRESS, "never", None, False),
    ("RCPT", "550 mailbox unavailable", Reason.BAD_ADDRESS, "never", None, False),
    ("RCPT", "451 4.7.1 Greylisted, try again", Reason.TEMPORARY, "later", 300, False),
    ("RCPT", "450 4.2.0 Greylisting in action", Reason.TEMPORARY, "later", 300, False),
    ("RCPT", "452 4.2.2 mailbox full", Reason.TEMPORARY, "later", 3600, False),
    ("RCPT", "554 5.7.1 Relay access denied", Reason.SENDER, "later", None, True),
    ("RCPT", "550 5.7.1 listed at a block list", Reason.BLOCKED, "never", None, False),
    ("MAIL", "550 5.1.8 no such sender", Reason.SENDER, "later", None, True),
    ("MAIL", "451 4.3.0 later", Reason.TEMPORARY, "later", 60, False),
    ("MAIL", "530 5.7.0 Authentication required", Reason.SENDER, "later", None, True),
    ("DATA", "451 4.3.2 not now", Reason.TEMPORARY, "later", 60, False),
    ("DATA", "554 5.5.1 no valid recipients", Reason.BLOCKED, "never", None, False),
    ("end", "554 5.7.1 content refused", Reason.BLOCKED, "never", None, False),
    ("end", "552 5.3.4 too long", Reason.SENDER, "never", None, False),
    ("end", "451 4.7.1 greylisted", Reason.TEMPORARY, "later", 300, False),
    ("end", "421 4.3.2 going down", Reason.TEMPORARY, "later", 60, False),
    ("greeting", "554 5.7.1 no mail from you", Reason.SENDER, "later", None, True),
    ("greeting", "421 4.3.2 too busy", Reason.TEMPORARY, "later", 60, False),
    ("EHLO", "502 unknown", Reason.SENDER, "later", None, True),
    ("RCPT", "252 perhaps", Reason.TEMPORARY, "later", None, False),
    ("RCPT", "nonsense", Reason.TEMPORARY, "later", None, False),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "answer", "reason", "retry", "after", "pause"), REFUSALS)
async def test_a_refusal_at_each_stage(
    host: Mailhost,
    channel: SmtpEmail,
    stage: str,
    answer: str,
    reason: Reason,
    retry: str,
    after: float | None,
    pause: bool,
) -> None:
    host.then(stage, answer)
    error = await refused(channel)
    assert (error.reason, error.retry, error.after, error.pause) == (reason, retry, after, pause)
    assert host.taken == []
    assert await channel.send(outbound(1)), "the next mail goes"
    assert [taken.recipients for taken in host.taken] == [(CUSTOMER,)]


async def test_refused_recipients_leave_the_connection_to_the_others(host: Mailhost) -> None:
    """Each in turn over one connection: what one mail met says nothing of the next."""
    host.refuses = {
        "gone@mail.example": "550 5.1.1 gone",
        "full@mail.example": "452 4.2.2 full",
        "new@mail.example": "451 4.7.1 greylisted",
    }
    met: dict[str, str] = {}
    async with sending(host, connections=1) as channel:
        names = ["a", "gone", "b", "full", "new", "c"]
        for number, name in enumerate(names):
            try:
                await channel.send(outbound(number, to=f"{name}@mail.example"))
            except SendError as error:
                met[name] = f"{error.reason} {error.retry} {error.code}"
    assert met == {
        "gone": "bad_address never 550 5.1.1",
        "full": "temporary later 452 4.2.2",
        "new": "temporary later 451 4.7.1",
    }
    assert [taken.recipients for taken in host.taken] == [
        ("a@mail.example",), ("b@mail.example",), ("c@mail.example",)
    ]  # fmt: skip
    assert host.connections == 1
    assert host.quits == 1


async def test_a_greylisted_mail_is_the_same_when_it_comes_again(
    host: Mailhost, channel: SmtpEmail
) -> None:
    host.then("RCPT", "451 4.7.1 greylisted")
    await refused(channel)
    first = await channel.send(outbound())
    again = await channel.send(outbound())
    assert first == again == "token0@agency.example"
    assert len({taken.mail["Message-ID"] for taken in host.taken}) == 1
    assert len({taken.sender for taken in host.taken}) == 1


SURELY_NOT = ["greeting", "EHLO", "MAIL", "RCPT", "DATA"]
PERHAPS = ["middle", "end", "after"]


@pytest.mark.parametrize("stage", SURELY_NOT)
async def test_a_connection_that_is_cut_before_the_mail_is_handed_over(
    host: Mailhost, channel: SmtpEmail, stage: str
) -> None:
    host.then(stage, DROP)
    error = await refused(channel)
    assert (error.reason, error.retry) == (Reason.TEMPORARY, "later")
    assert host.taken == []
    assert await channel.send(outbound(1))


@pytest.mark.parametrize("stage", PERHAPS)
async def test_a_connection_that_is_cut_after_it(
    host: Mailhost, channel: SmtpEmail, stage: str
) -> None:
    """Only the server knows, and "after" it has the mail: nobody tries again by themselves."""
    host.then(stage, DROP)
    error = await refused(channel)
    assert (error.reason, error.retry) == (Reason.UNKNOWN, "unknown")
    assert len(host.taken) == (stage == "after")
    assert host.connections == 1


@pytest.mark.parametrize("answer", ["354 more", "nonsense", "199 hm", "600 what"])
async def test_an_answer_to_the_mail_that_is_none(
    host: Mailhost, channel: SmtpEmail, answer: str
) -> None:
    host.then("after", answer)
    error = await refused(channel)
    assert error.retry == "unknown"
    await channel.send(outbound(1))
    assert host.connections == 2, "what was said out of turn is not heard by the next mail"


@pytest.mark.parametrize(("stage", "retry"), [("EHLO", "later"), ("RCPT", "later"),
                                              ("DATA", "later"), ("after", "unknown")])  # fmt: skip
async def test_a_server_that_falls_silent(host: Mailhost, stage: str, retry: str) -> None:
    host.then(stage, SILENCE)
    async with sending(host, timeout=0.3) as channel:
        assert (await refused(channel)).retry == retry


async def test_a_caller_that_gives_up(host: Mailhost, channel: SmtpEmail) -> None:
    """Its connection is not used again: an answer to the old mail may yet come over it."""
    host.then("RCPT", SILENCE)
    task = asyncio.create_task(channel.send(outbound()))
    while "RCPT" not in host.reached:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await channel.send(outbound(1))
    assert host.connections == 2


async def test_nobody_listens() -> None:
    async with hosting(Mailhost()) as port:
        pass
    error = await refused(channel_at(port))
    assert (error.reason, error.retry) == (Reason.TEMPORARY, "later")


async def test_a_time_out_that_was_swallowed_hands_nothing_over(host: Mailhost) -> None:
    settings = SmtpSettings("smtp://127.0.0.1:1", encryption="none")
    async with hosting(host) as port:
        server = structs.replace(settings.server, port=port)
        pool = Pool(Dialler(server, settings.tls, 5.0, plain=True), 1, 30.0)
        mail = write(outbound(), datetime.now(UTC))
        talk = Talk(pool, mail, mail.raw + b".\r\n", asyncio.get_running_loop().time())
        with pytest.raises(TimeoutError):
            await talk.run()
        await pool.close()
    assert talk.lost("it took too long").retry == "later"
    assert (host.reached[-1], host.taken) == ("DATA", [])


class TestPool:
    async def test_mails_share_a_connection(self, host: Mailhost, channel: SmtpEmail) -> None:
        for number in range(5):
            await channel.send(outbound(number))
        assert (host.connections, len(host.taken)) == (1, 5)

    async def test_it_is_bounded_and_nothing_mixes(self, host: Mailhost) -> None:
        async with sending(host, connections=3) as channel:
            sent = [channel.send(outbound(n, f"text {n}", f"c{n}@x.example")) for n in range(30)]
            ids = await asyncio.gather(*sent)
        assert host.most_open <= 3
        assert ids == [f"token{n}@agency.example" for n in range(30)]
        told = {taken.recipients[0]: taken.text for taken in host.taken}
        assert told == {f"c{n}@x.example": f"text {n}\n" for n in range(30)}

    async def test_an_idle_one_ends_politely(self, host: Mailhost) -> None:
        async with sending(host, idle=0.02) as channel:
            await channel.send(outbound())
            while host.open:
                await asyncio.sleep(0.01)
            assert host.quits == 1
            await channel.send(outbound(1))
        assert host.connections == 2

    @pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
    @pytest.mark.parametrize("how", [DROP, "421 4.3.2 too many mails over one connection"])
    async def test_one_that_the_server_has_ended_costs_no_mail(
        self, host: Mailhost, channel: SmtpEmail, stage: str, how: str
    ) -> None:
        await channel.send(outbound())
        host.then(stage, how)
        await channel.send(outbound(1))
        assert (host.connections, len(host.taken)) == (2, 2)

    async def test_a_new_one_that_ends_too_is_not_tried_for_ever(
        self, host: Mailhost, channel: SmtpEmail
    ) -> None:
        await channel.send(outbound())
        host.then("MAIL", DROP, DROP)
        assert (await refused(channel)).retry == "later"
        assert host.connections == 2

    async def test_a_mail_handed_over_on_an_old_one_is_not_tried_again(
        self, host: Mailhost, channel: SmtpEmail
    ) -> None:
        await channel.send(outbound())
        host.then("after", DROP)
        assert (await refused(channel)).retry == "unknown"
        assert (host.connections, len(host.taken)) == (1, 2)

    async def test_waiting_for_room_is_waiting_for_nothing_sent(self, host: Mailhost) -> None:
        host.then("RCPT", SILENCE)
        async with sending(host, connections=1, timeout=0.3) as channel:
            first = asyncio.create_task(channel.send(outbound()))
            while "RCPT" not in host.reached:
                await asyncio.sleep(0)
            host.then("RCPT", SILENCE)
            assert (await refused(channel, outbound(1))).retry == "later"
            with pytest.raises(SendError):
                await first
        assert host.taken == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("é@mail.example", "5.6.7"),
        ("a@b@mail.example", "5.1.3"),
        ("a\r\nRCPT TO:<b@x.example>@mail.example", "5.1.3"),
        ("a@mail.example\r\nBcc: b@x.example", "5.1.3"),
        ("a@mail_.example>", "5.1.3"),
        ("a@" + "é" * 80 + ".example", "5.1.2"),
        ("", "5.1.3"),
    ],
)
async def test_an_address_that_none_can_be_written_to(
    host: Mailhost, channel: SmtpEmail, address: str, code: str
) -> None:
    error = await refused(channel, outbound(to=address))
    assert (error.reason, error.retry, error.code) == (Reason.BAD_ADDRESS, "never", code)
    assert host.connections == 0


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("jo@bücher.example", "jo@xn--bcher-kva.example"),
        ("a..b.@docomo.example", '"a..b."@docomo.example'),
        ("o'neil+x=y@mail.example", "o'neil+x=y@mail.example"),
    ],
)
async def test_odd_addresses_are_written_to(
    host: Mailhost, channel: SmtpEmail, address: str, written: str
) -> None:
    await channel.send(outbound(to=address))
    assert host.taken[0].recipients == (written.replace('"', ""),)  # as aiosmtpd shows it
    assert f"To: {written}\r\n".encode() in host.taken[0].raw
