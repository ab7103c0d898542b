from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from dialogs.formats import day, money, plain, shown
from dialogs.loader import load_pack
from dialogs.pack import Pack
from domain.commands import Say
from domain.context import Brand
from domain.messages import LINK_MARK
from domain.values import ChannelKind, Money
from tests.dialogs.play import FRIDAY, Play, a_context, of, text, usd

HEAD = """
name: small
version: "1"
default_locale: en-US
jurisdictions: [US]
facts: [hours, unset]
metadata:
  gateway:
    email_subject: utter_subject
"""
SLOTS = """
slots:
  note: {type: text, mappings: [{type: from_text}]}
  amount:
    type: money
    mappings: [{type: from_entity, entity: amount}]
    validation:
      rejections: [{if: slots.amount > 999, utter: utter_plain}]
      refill_utter: utter_go_on
  go_on:
    type: bool
    mappings:
      - {type: from_intent, intent: affirm, value: true}
      - {type: from_intent, intent: deny, value: false}
"""
PATTERNS = "flows:\n" + "".join(
    f"  pattern_{name}:\n    steps: [{{action: utter_plain}}]\n"
    for name in (
        "opt_out", "safety", "wrong_person", "clarification", "cannot_handle", "human_handoff",
        "no_reply", "stranger", "cancel_flow",
    )
) + """
  pattern_continue_interrupted:
    steps:
      - collect: go_on
        utter: utter_go_on
        next:
          - {if: slots.go_on, then: END}
          - else: [{action: cancel_flow}]
"""  # fmt: skip
FLOWS = """
flows:
  say:
    nlu_trigger: [{intent: greeting}]
    steps: [{action: utter_tried}]
  note:
    nlu_trigger: [{intent: thanks}]
    steps:
      - {collect: note, utter: utter_plain}
      - action: utter_note
"""


def small(
    folder: Path,
    responses: str,
    flows: str = FLOWS,
    *,
    slots: str = "",
    patterns: str = "",
    settings: str = "",
) -> Pack:
    (folder / "flows").mkdir(exist_ok=True)
    (folder / "responses").mkdir(exist_ok=True)
    (folder / "pack.yml").write_text(HEAD + settings)
    (folder / "slots.yml").write_text(SLOTS + slots)
    (folder / "patterns.yml").write_text(PATTERNS + patterns)
    (folder / "flows/all.yml").write_text(flows)
    (folder / "responses/en-US.yml").write_text(
        'responses:\n  utter_plain: [{text: "plain", closing: ""}]\n'
        '  utter_subject: [{text: "Re: {brand}"}]\n'
        '  utter_note: [{text: "You said {note}"}]\n'
        '  utter_go_on: [{text: "Go on?"}]\n' + responses
    )
    return load_pack(folder)


PRECEDENCE = """
  utter_tried:
    - {id: plain, text: "plain"}
    - {id: email, channel: email, text: "email"}
    - {id: cond, condition: context.customer.verified, text: "cond"}
    - {id: both, channel: email, condition: context.customer.verified, text: "both"}
"""


@pytest.mark.parametrize(
    ("channel", "verified", "expected"),
    [
        (ChannelKind.EMAIL, True, "both"),
        (ChannelKind.EMAIL, False, "email"),
        (ChannelKind.SMS, True, "cond"),
        (ChannelKind.SMS, False, "plain"),
    ],
)
def test_the_most_fitting_variation_is_said(
    tmp_path: Path, channel: ChannelKind, verified: bool, expected: str
) -> None:
    context = a_context()
    context = structs.replace(
        context, customer=structs.replace(context.customer, verified=verified)
    )
    out = Play(small(tmp_path, PRECEDENCE), context).says("hi", "greeting", channel=channel)
    (say,) = of(out, Say)
    assert (say.content.text, say.variation) == (expected, expected)


def test_equal_variations_are_chosen_alike_in_a_conversation_and_spread_over_all(
    tmp_path: Path,
) -> None:
    texts = "".join(f'    - {{text: "v{n}"}}\n' for n in range(3))
    pack = small(tmp_path, "  utter_tried:\n" + texts)
    said = set()
    for number in range(60):
        play = Play(pack, a_context(conversation_id=f"c{number}"))
        first = text(play.says("hi", "greeting"))
        assert text(play.says("hi", "greeting")) == first
        said.add(first)
    assert said == {"v0", "v1", "v2"}


@pytest.mark.parametrize(
    ("words", "facts", "expected"),
    [
        ("Open {hours}", {"hours": "9 to 5"}, "Open 9 to 5"),
        ("Open {hours}", {}, ""),
        ("Open {hours}", {"hours": ""}, ""),
        ("{brand}, {brand_phone}", {}, "Harbor Recovery, 800-555-0100"),
        ("Pay {amount}", {}, ""),
    ],
)
def test_a_gap_is_never_said(tmp_path: Path, words: str, facts: dict, expected: str) -> None:
    pack = small(tmp_path, f'  utter_tried: [{{text: "{words}"}}]\n')
    out = Play(pack, a_context(facts=facts)).says("hi", "greeting")
    assert text(out) == expected


def test_an_email_has_subject_text_and_escaped_html(tmp_path: Path) -> None:
    pack = small(
        tmp_path,
        '  utter_tried:\n    - {text: "By {brand}\\n\\nSee {link}", html: \'<a href="{link}">'
        "{brand}</a>', channel: email}\n",
    )
    context = a_context(brand=Brand("A <b> & Co"))
    out = Play(pack, context).says("hi", "greeting", channel=ChannelKind.EMAIL)
    content = of(out, Say)[0].content
    assert content.subject == "Re: A <b> & Co"
    assert content.text == f"By A <b> & Co\n\nSee {LINK_MARK}"
    assert content.html == f'<a href="{LINK_MARK}">A &lt;b&gt; &amp; Co</a>'


def test_html_is_made_of_plain_text_where_none_is_written(tmp_path: Path) -> None:
    pack = small(tmp_path, '  utter_tried: [{text: "{brand} <i>\\n\\nSee {link}"}]\n')
    out = Play(pack, a_context(brand=Brand("<b>"))).says(
        "hi", "greeting", channel=ChannelKind.EMAIL
    )
    html = of(out, Say)[0].content.html
    assert html == (f'<p>&lt;b&gt; &lt;i&gt;</p><p>See <a href="{LINK_MARK}">{LINK_MARK}</a></p>')


def test_a_text_message_has_neither_subject_nor_html(play: Play) -> None:
    content = of(play.says("hi", "greeting"), Say)[0].content
    assert (content.subject, content.html) == (None, None)


def test_customers_words_bring_no_link_marks_or_lines_into_a_text(tmp_path: Path) -> None:
    play = Play(small(tmp_path, '  utter_tried: [{text: "x"}]\n'))
    play.says("thanks", "thanks")
    out = play.says(f"a\n\x00b {LINK_MARK} c", "out_of_scope")
    assert text(out) == "You said a b c"


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        (usd("1234.50"), "en-US", "$1,234.50"),
        (Money(123_450, "GBP"), "en-GB", "£1,234.50"),
        (Money(500, "JPY"), "en-US", "¥500"),
        (FRIDAY, "en-US", "Friday, November 27"),
        (FRIDAY, "en-GB", "Friday 27 November"),
        (FRIDAY, "es-US", "viernes 27 de noviembre"),
        (date(2027, 1, 1), "en-US", "Friday, January 1"),
        (("a", "b"), "en-US", "a, b"),
        ((), "en-US", None),
        (None, "en-US", None),
        ("", "en-US", None),
        (True, "en-US", None),
        (3, "en-US", "3"),
    ],
)
def test_values_as_the_locale_writes_them(value: object, locale: str, expected: str | None) -> None:
    assert shown(value, locale) == expected  # type: ignore[arg-type]


def test_formats_agree_with_themselves() -> None:
    assert money(usd(5), "en-US") == "$5.00"
    assert day(FRIDAY, "fr-FR").startswith("vendredi 27 novembre")
    assert plain("a\u2028b") == "a b"
