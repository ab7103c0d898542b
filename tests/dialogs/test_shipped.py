"""The texts of the shipped packs: short, plain, complete and fit for what they are for."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dialogs.loading.responses import used
from dialogs.pack import Pack, Part, Variable, Variation
from dialogs.rendering import render
from dialogs.state import State
from dialogs.turn import Turn
from domain.events import LinkOpened
from domain.intents import INTENTS
from domain.promise import History
from domain.values import ChannelKind, Money
from tests.dialogs.play import FRIDAY, START, a_context

GSM = re.compile(r"[A-Za-z0-9 \n@£$¥!\"#%&'()*+,\-./:;<=>?¡_¿éèñÑüÜòàìùöäÉ]*")
SEGMENT = 160
LONGEST = {
    "brand": "Harbor Recovery", "brand_phone": "1-800-555-0100", "brand_website": "harbor.example",
    "link": "https://pay.example/p/" + "x" * 22, "promise_date": "Wednesday, September 30",
    "promise_latest": "Wednesday, September 30", "kept_date": "Wednesday, September 30",
    "event_date": "Wednesday, September 30", "offer_first": "Wednesday, September 30",
}  # fmt: skip
SPANISH = {"Wednesday, September 30": "miércoles 30 de septiembre"}
STAND_ALONE = ("utter_opted_out", "utter_crisis")
UNDISCLOSED = (
    "utter_help", "utter_opted_in", "utter_deceased", "utter_wrong_person", "utter_stranger",
)  # fmt: skip
TWO_SEGMENTS = {
    "utter_options", "utter_hardship", "utter_calm", "utter_promise_reminder",
    "utter_promise_recorded", "utter_authenticity_again", "utter_ask_promise_share",
    "utter_plan_recorded", "utter_plan_due", "utter_plan_charge", "utter_plan_missed",
    "utter_settlement", "utter_closing_first", "utter_delivery_failed", "utter_payment_returned",
}  # fmt: skip
TWO_IN_SPANISH = {
    "utter_ask_claim_details", "utter_ask_plan_confirmed", "utter_authenticity",
    "utter_deceased", "utter_debt_validation", "utter_handoff", "utter_plan",
    "utter_plan_defaulted", "utter_vulnerability",
}  # fmt: skip
"""Spanish takes more letters to say the same."""


def words(parts: tuple[Part, ...], locale: str = "en") -> str:
    found = "".join(
        LONGEST.get(part.name, "$1,234.56") if isinstance(part, Variable) else part
        for part in parts
    )
    for day, other in SPANISH.items() if locale.startswith("es") else ():
        found = found.replace(day, other)
    return found


def texts(pack: Pack) -> Iterator[tuple[str, Variation, str]]:
    for name, variations in pack.responses[pack.locale].items():
        for variation in variations:
            buttons = "".join(
                f"\n{number} {words(button.title, pack.locale)}"
                for number, button in enumerate(variation.buttons, 1)
            )
            yield name, variation, words(variation.text, pack.locale) + buttons


def in_language(pack: Pack, locale: str) -> Pack:
    """The pack as if this were its own language."""
    return replace(pack, locale=locale)


@pytest.fixture
def es(us: Pack) -> Pack:
    return in_language(us, "es-US")


@pytest.fixture(params=["us", "es", "uk"])
def pack(request: pytest.FixtureRequest) -> Pack:
    return request.getfixturevalue(request.param)


def closing(pack: Pack, response: str, variation: Variation) -> str:
    if response in (*STAND_ALONE, *pack.settings.closings):
        return ""
    name = pack.settings.closing if variation.closing is None else variation.closing
    if not name:
        return ""
    (plain, *_) = pack.responses[pack.locale][name]
    return " " + words(plain.text)


def test_texts_fit_one_segment_with_their_closing_line(pack: Pack) -> None:
    long = {
        name: len(text + closing(pack, name, variation))
        for name, variation, text in texts(pack)
        if variation.channel is not ChannelKind.EMAIL
        and len(text + closing(pack, name, variation)) > SEGMENT
    }
    allowed = TWO_SEGMENTS | (TWO_IN_SPANISH if pack.locale == "es-US" else set())
    assert set(long) <= allowed, {name: n for name, n in long.items() if name not in allowed}
    assert all(length <= 2 * 153 for length in long.values())


def test_texts_need_no_unicode_segments(pack: Pack) -> None:
    """Nor in Spanish: á, í, ó and ú would make segments of 70 characters."""
    for name, variation, text in texts(pack):
        if variation.channel is not ChannelKind.EMAIL:
            assert GSM.fullmatch(text), (name, text)


def test_texts_are_written_in_short_words_and_sentences(pack: Pack) -> None:
    for name, _, text in texts(pack):
        for sentence in re.split(r"[.:?!]\s", re.sub(r"https://\S+", "here", text)):
            assert len(sentence.split()) <= 20, (name, sentence)


def test_every_intent_leads_somewhere(pack: Pack) -> None:
    without_flow = {
        "auto_reply", "out_of_scope", "opt_out", "cease_contact",
        "wrong_person", "self_harm_risk",
    }  # fmt: skip
    assert set(pack.by_intent) | without_flow == set(INTENTS)


def test_every_response_is_used(pack: Pack) -> None:
    used = {
        name
        for flow in pack.flows.values()
        for step in flow.steps
        for name in (
            getattr(step.deed, "response", None),
            getattr(step.deed, "utter", None),
            *(rejection.utter for rejection in getattr(step.deed, "rejections", ())),
        )
    }
    used |= {*pack.settings.closings, pack.settings.email_subject}
    used |= {slot.currency_utter for slot in pack.slots.values()}
    used |= {slot.refill_utter for slot in pack.slots.values()}
    used |= {variation.closing for _, variation, _ in texts(pack)}
    assert set(pack.responses[pack.locale]) - used == set()


@pytest.mark.parametrize(("language", "disclosure"), [
    ("en-US", "debt collector"), ("es-US", r"cobrador(es)? de deudas"),
])  # fmt: skip
def test_the_us_pack_closes_every_message_with_disclosure_and_way_out(
    us: Pack, language: str, disclosure: str
) -> None:
    us = in_language(us, language)
    for name, variation, text in texts(us):
        if name in ("utter_closing", "utter_opt_out_line", "utter_email_subject"):
            continue
        if name in STAND_ALONE:
            continue
        whole = text + closing(us, name, variation)
        assert "STOP" in whole, name
        if name not in UNDISCLOSED:
            assert re.search(disclosure, whole), name


def test_the_british_pack_tells_an_onlooker_nothing(uk: Pack) -> None:
    for name, variation, text in texts(uk):
        if variation.condition is None:
            for word in ("debt", "owe", "arrears", "collector", "creditor", "overdue"):
                assert word not in text.lower(), (name, word)


def test_each_locale_of_a_customer_finds_a_text(us: Pack, uk: Pack) -> None:
    for locale in ("en-US", "en-GB", "fr-FR", ""):
        assert State.fresh(us, locale).locale == "en-US"
        assert State.fresh(uk, locale).locale == "en-GB"
    for locale in ("es-US", "es-MX", "es"):
        assert State.fresh(us, locale).locale == "es-US"
        assert State.fresh(uk, locale).locale == "en-GB"


def test_both_languages_say_the_same(us: Pack) -> None:
    """The same variables, buttons and closings in each variation, in the same order."""
    english, spanish = us.responses["en-US"], us.responses["es-US"]
    assert list(english) == list(spanish)
    for name, variations in english.items():
        for here, there in zip(variations, spanish[name], strict=True):
            assert used(here) == used(there), name
            assert [b.payload for b in here.buttons] == [b.payload for b in there.buttons], name
            assert (here.id, here.channel, here.closing) == (there.id, there.channel, there.closing)
            texts = [each.condition and each.condition.text for each in (here, there)]
            assert texts[0] == texts[1], name


CRISIS = {"US": ("988", "911"), "GB": ("116 123", "999"), "FR": ()}


@pytest.mark.parametrize("jurisdiction", CRISIS)
def test_the_crisis_text_names_the_numbers_of_the_country(pack: Pack, jurisdiction: str) -> None:
    event = LinkOpened(id="0198c000-0000-7000-8000-000000000001", at=START, link_id="l")
    context = a_context(jurisdiction=jurisdiction)
    text = render(Turn(pack, State.fresh(pack, pack.locale), event, context), "utter_crisis").text
    for country, numbers in CRISIS.items():
        for number in numbers:
            assert (number in text) == (country == jurisdiction)


@pytest.mark.parametrize("channel", list(ChannelKind))
@pytest.mark.parametrize("verified", [True, False])
def test_every_text_can_be_said_where_its_values_are_known(
    pack: Pack, channel: ChannelKind, verified: bool
) -> None:
    amount = Money(500, "USD")
    context = a_context(channel=channel, history=History(active_amount=amount, active_date=FRIDAY))
    event = LinkOpened(id="0198c000-0000-7000-8000-000000000001", at=START, link_id="l")
    turn = Turn(pack, State.fresh(pack, pack.locale), event, context)
    turn.verified, turn.event_amount, turn.event_date = verified, amount, FRIDAY
    turn.event_code = "483920"
    turn.slots |= {"promise_amount": amount, "promise_date": FRIDAY}
    turn.slots |= {"offer_amount": amount, "offer_first": FRIDAY}
    for name in pack.responses[pack.locale]:
        text = render(turn, name).text
        assert text
        assert ("432" in text) <= verified
