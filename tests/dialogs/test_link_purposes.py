"""What a message's link is for, and whether the message demands money by it."""

from pathlib import Path

import pytest
from msgspec import structs

from domain.commands import IssueLink, Say
from domain.events import LinkAsked
from domain.links import DEMANDS, Purpose
from domain.messages import LINK_MARK
from domain.values import ChannelKind
from tests.dialogs.play import Play, handoffs, of
from tests.dialogs.test_rendering import small

TEXTS = """
  utter_none: [{text: "See {link}"}]
  utter_words: [{text: "No link here."}]
""" + "".join(f'  utter_{p}: [{{text: "Go {{link}}", link: {p}}}]\n' for p in Purpose)  # fmt: skip


def says(folder: Path, *responses: str, gateway: str = "while_suspended: true") -> Play:
    """A pack that answers a greeting with these, and who asks for a link with the first."""
    steps = ", ".join(f"{{action: utter_{name}}}" for name in responses)
    flows = (
        f"flows:\n  say:\n    nlu_trigger: [{{intent: greeting}}]\n    steps: [{steps}]\n"
        f"    metadata: {{gateway: {{{gateway}}}}}\n"
        f"  asked:\n    steps: [{{action: utter_{responses[0]}}}]\n"
        "    metadata: {gateway: {on: link_asked, while_suspended: true}}\n"
    )
    return Play(small(folder, TEXTS, flows))


MESSAGES = [
    *((([purpose.value], purpose)) for purpose in Purpose),
    (["none"], Purpose.PAY),
    (["words", "dispute", "words"], Purpose.DISPUTE),
    (["plan", "dispute"], Purpose.PLAN),
    (["dispute", "none"], Purpose.DISPUTE),
    (["words"], None),
]


@pytest.mark.parametrize(("responses", "purpose"), MESSAGES)
def test_a_message_has_one_link(
    tmp_path: Path, responses: list[str], purpose: Purpose | None
) -> None:
    play = says(tmp_path, *responses)
    out = play.says("hello", "greeting")
    (say,) = of(out, Say)
    assert [link.purpose for link in of(out, IssueLink)] == ([purpose] if purpose else [])
    assert (LINK_MARK in say.content.text) is (say.link_id is not None) is (purpose is not None)
    assert say.demand is (purpose in DEMANDS)


def test_a_flow_that_may_demand_does_whatever_its_link(tmp_path: Path) -> None:
    play = says(tmp_path, "dispute", gateway="while_suspended: false")
    (say,) = of(play.says("hello", "greeting"), Say)
    assert say.demand


def test_only_a_live_link_of_the_same_purpose_is_used_again(tmp_path: Path) -> None:
    play = says(tmp_path, "dispute")
    play.context = structs.replace(play.context, links={Purpose.PAY: "p"})
    assert [link.purpose for link in of(play.says("hello", "greeting"), IssueLink)] == ["dispute"]
    play.context = structs.replace(play.context, links={Purpose.PAY: "p", Purpose.DISPUTE: "d"})
    out = play.says("hello", "greeting")
    assert (of(out, IssueLink), of(out, Say)[0].link_id) == ([], "d")


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("held", [None, "dispute"])
@pytest.mark.parametrize("account", ["a1", "another"])
def test_a_link_that_is_asked_for(
    tmp_path: Path, purpose: Purpose, held: str | None, account: str
) -> None:
    """It goes to the old one's address; where it may not, a person is asked for."""
    play = says(tmp_path, "none")
    play.context = structs.replace(play.context, held=held)
    given = {"link_id": "l", "account_id": account, "purpose": purpose}
    out = play.event(LinkAsked, **given, channel=ChannelKind.EMAIL, address="old@home.example")
    refused = account == "another" or (held is not None and purpose in DEMANDS)
    assert bool(handoffs(out)) is refused
    assert [link.purpose for link in of(out, IssueLink)] == ([] if refused else [purpose])
    for say in of(out, Say):
        assert (say.channel, say.address) == (ChannelKind.EMAIL, "old@home.example")
        assert say.demand is (purpose in DEMANDS)
    assert bool(of(out, Say)) is not refused


def test_a_text_s_own_purpose_comes_before_what_was_asked_for(tmp_path: Path) -> None:
    play = says(tmp_path, "preferences")
    given = {"link_id": "l", "account_id": "a1", "purpose": Purpose.PAY}
    out = play.event(LinkAsked, **given, channel=ChannelKind.SMS, address="+12125550142")
    assert [link.purpose for link in of(out, IssueLink)] == [Purpose.PREFERENCES]
