"""Conversations played on the real service: what is told is what is stored."""

import io
from typing import Any

import pytest
from rich.console import Console

from domain.values import ChannelKind
from gateway.activity.story import Story
from gateway.demo.play import Part, last_link, parts, play, to_pay
from gateway.demo.stage import Stage
from gateway.demo.transcript import Teller, Transcript, payload, printable
from gateway.demo.visitor import Lost, Page, Visitor
from gateway.storage import decode


async def told(stage: Stage, *replies: str, ref: str = "US-1001") -> tuple[str, Story]:
    """The transcript of a conversation by text, and what is stored of it."""
    out = io.StringIO()
    transcript = Transcript(Console(file=out, width=100), Teller(stage.link, len(stage.link(""))))
    person = await stage.person(ref)

    async def watch() -> None:
        transcript.tell(await stage.story(person), stage.host.taken.values(), "UTC")

    await play(stage, Part(ref, ChannelKind.SMS, replies), watch)
    return out.getvalue(), await stage.story(person)


def types(story: Story) -> list[str]:
    return [event.event_type for event in story.events]


async def test_a_promise_is_kept_and_the_host_hears_of_it(stage: Stage) -> None:
    text, story = await told(stage, "i can do 53 dollars tomorrow", "yes")
    made = [payload(e) for e in story.events if e.event_type == "promise.created"]
    assert [(p["amount"], p["due_date"]) for p in made] == [("53.00", "2026-12-02")]
    assert {"portal.verified", "payment.settled", "promise.kept"} <= set(types(story))
    kinds = {taken.event["event_type"] for taken in stage.host.taken.values()}
    assert {"promise.created", "promise.kept", "payment.settled"} <= kinds
    assert stage.host.refused == 0
    assert "amount 53.00 USD; date Wednesday 2026-12-02" in text.replace("\n" + " " * 21, " ")
    assert "verified promise.kept" in text
    assert (await stage.person("US-1001")).balance.minor == 48000 - 5300


async def test_every_event_is_told_once_and_texts_as_they_were_sent(stage: Stage) -> None:
    text, story = await told(stage, "what do i owe")
    assert len(set(types(story))) > 5
    for row in story.received.values():
        assert text.count(f"| {row.text}") == 1
    link = last_link(stage, story)
    assert link is not None
    assert link in text
    sent = [shown for shown in stage.phones[ChannelKind.SMS].thread() if shown.outgoing]
    assert any(link in shown.content.text for shown in sent), "the link told is the link sent"
    for row in story.written.values():
        assert decode(row.verdict)["version"] in text


async def test_a_customer_who_stops_gets_no_more(stage: Stage) -> None:
    text, story = await told(stage, "STOP", "how much do i owe")
    assert "consent.opted_out" in types(story)
    assert to_pay(story) is None
    assert "payment.initiated" not in types(story)
    assert "consent.opted_out" in text


async def test_an_opted_out_customer_is_not_reminded(stage: Stage) -> None:
    text, story = await told(stage, ref="US-1009")
    assert "message.suppressed" in types(story)
    assert "message.sent" not in types(story)
    assert "suppressed" in text
    assert stage.phones[ChannelKind.SMS].thread() == ()


@pytest.mark.parametrize("reply", ["wrong number, sorry", "STOP"])
async def test_who_was_led_nowhere_opens_no_page(stage: Stage, reply: str) -> None:
    text, story = await told(stage, reply)
    assert last_link(stage, story) is not None, "the reminder had a link"
    assert not any(kind.startswith("portal.") for kind in types(story))
    assert "The customer's page was visited" not in text


@pytest.mark.parametrize("reply", ["\x1b[31mred\x07", "ni\u202etfel", "<b>[bold]50[/bold]</b>"])
async def test_texts_steer_no_terminal(stage: Stage, reply: str) -> None:
    text, _ = await told(stage, reply)
    assert printable(text) == text
    assert f"| {printable(reply)}" in text


def test_given_replies_are_played_by_the_texting_customer() -> None:
    assert [part.replies for part in parts("brightwater", ("a", "b"))] == [("a", "b")]
    assert [part.channel.value for part in parts("harbor-recovery", ())] == ["sms", "email"]


async def test_a_page_that_is_not_as_expected_is_told(stage: Stage) -> None:
    visitor = Visitor()
    try:
        with pytest.raises(Lost, match="404"):
            await visitor.prove(stage.service.url + "/p/" + "x" * 22, await stage.person("US-1001"))
    finally:
        await visitor.close()


def test_a_form_is_read_as_a_browser_would() -> None:
    html = """<form action="/a"><input name="q" value="1"></form>
    <form action="/b"><input type="radio" name="c" value="x"><input name="t" value="&lt;1"></form>
    <input name="stray">"""
    form: Any = Page("http://h/", 200, html).form("t")
    assert (form.action, form.fields) == ("/b", {"c": "", "t": "<1"})
    with pytest.raises(Lost, match="stray"):
        Page("http://h/", 200, html).form("stray")
