"""Courtesies around the matter never hide it, and never take the matter with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.clauses import clauses
from nlu.letters import matter, own
from nlu.normalise import plain

LETTERS = st.lists(
    st.sampled_from([
        "Dear Sir,", "Hi Kay,", "Kind regards,", "Thanks", "Saludos,", "Ann Poe", "> you owe $50",
        "On 3 March 2026, Acme <a@b.example> wrote:", "From: Acme", "Sent: 3 March", "To: me", "--",
        "Tel: 020 7946 0018", "12 High Street, Leeds LS1 4AB", "Ref: 4411-2201",
        "Sent from my iPhone", "This email is confidential.", "I paid it", "stop", "friday", "50",
        "",
    ]),
    max_size=9,
).map("\n".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello,\n\ncould I pay 60 on Friday?", "could i pay 60 on friday?"),
        ("Dear Mrs Lowe,\nI paid.\n\nKind regards,\nTom Hale\n01234 567890", "i paid."),
        ("To whom it may concern: stop", "stop"),
        ("Hi Kay, hope you're well. I paid Monday. Thanks, Gareth", "i paid monday."),
        ("Hey can we do 30 a month\nSent from my iPhone", "can we do 30 a month"),
        ("buenos dias, pago el viernes", "pago el viernes"),
        ("Estimados señores:\nno puedo pagar.\nAtentamente,\nLuis", "no puedo pagar."),
        ("I paid Monday. Thank you. Rae Dunn, 555-016-2299", "i paid monday."),
        ("I paid Monday. Best, Rae Dunn, RN", "i paid monday."),
        ("can do 60 on payday\n\ncheers\nJune", "can do 60 on payday"),
        ("Can we do 3 payments of 40?\nDave\n07700 900417", "can we do 3 payments of 40?"),
        ("what is left?\n\n--\nKim Bell\nOffice manager\nwww.kim.example", "what is left?"),
        ("Ref: 4411-2201\n\nwhat is left?\nFlat 3, 12 Elm Road, Hull HU1 2AB", "what is left?"),
        ("I paid it\nThanks,\nSam\nOpen Mon-Fri 9am-5pm, closed March 1", "i paid it"),
    ],
)
def test_what_is_said(text: str, expected: str) -> None:
    assert matter(plain(text)) == expected


def test_a_business_letter_says_what_stands_between_its_head_and_its_foot() -> None:
    letter = """12 Elm Road\nTulsa, OK 74101\nMarch 3, 2026\n\nDear Ms Orr,\nRe: account 4411-2201\n
    I can send $45 on the 20th.\n\nYours faithfully,\n\nJ. Hale\nDirector, Hale Tiling Ltd
    Tel: (555) 010-4432 | Fax: (555) 010-4433\nP.O. Box 7714\n
    This email and its attachments are confidential and intended for the addressee only.
    If you have received this in error, delete it by 5pm."""
    assert matter(plain(letter)) == "i can send $45 on the 20th."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ok\n\nOn Tue, Mar 3, 2026 Acme <a@b.example> wrote:\n> Balance $412. Reply STOP", "ok"),
        ("STOP\n\nFrom: Acme\nSent: Monday, March 2\nSubject: due\n\nBalance $412", "stop"),
        ("On 3/3/2026 at 10:14, Acme\n<a@b.example> wrote:\n> you owe 40\nI don't", "i dont"),
        ("> you owe 40\nI don't\n> pay by friday\nno", "i dont\nno"),
        ("El 3 de marzo de 2026, Acme escribió:\n> debe 300\nya pagué", "ya pague"),
        ("I paid\n\n-----Original Message-----\nBalance $300", "i paid"),
        ("I paid 40 Sent from my Samsung Galaxy", "i paid 40"),
        ("stop\nGet Outlook for iOS", "stop"),
    ],
)
def test_what_others_wrote_is_not_said(text: str, expected: str) -> None:
    assert own(plain(text)) == matter(plain(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["hello", "good morning!", "thanks", "ok. thanks", "Hi,\n\nThanks,\nJo",
     "stop. thanks for nothing", "hi i paid, yesterday", "i paid yesterday, thanks to my mum"],
)  # fmt: skip
def test_all_of_it_stays_where_little_else_is_said(text: str) -> None:
    found = matter(plain(text))
    assert "".join(filter(str.isalnum, found)) != ""
    for word in ("nothing", "paid", "yesterday", "stop"):
        assert (word in found) == (word in text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thanks\nfriday it is", "friday it is"),
        ("Regards,\nSam\n\nPS I can pay 20 tomorrow", "ps i can pay 20 tomorrow"),
        ("I paid.\nThanks,\nstop calling me", "stop calling me"),
        ("earliest i can do, best friday", "best friday"),
        ("which day?\n3-14-2026", "3-14-2026"),
        ("how about\n100 or 200", "100 or 200"),
        ("call my lawyer\nplease at 555 010 4432", "555 010 4432"),
        ("we moved to\n12 Elm Road\nHull HU1 2AB\nuse that", "12 elm road"),
        ("Legal notice: cease all contact", "legal notice: cease all contact"),
        ("this email is intended as a complaint", "intended as a complaint"),
        ("on the 3rd of march you wrote to me and i paid", "you wrote to me and i paid"),
    ],
)
def test_what_only_looks_like_a_courtesy_stays(text: str, said: str) -> None:
    assert said in matter(plain(text))


@given(st.text(max_size=300) | LETTERS)
def test_something_is_left_of_any_text_and_nothing_is_added(text: str) -> None:
    words = plain(text)
    rest = iter(words)
    assert all(char in rest for char in matter(words))
    assert bool(matter(words)) == bool(words)


def test_a_text_without_full_stops_is_parted() -> None:
    rambling = "i called last week about it " * 4 + "and then my car died so i can pay friday"
    assert any(part.startswith("so i can pay") for part in clauses(plain(rambling)))
    assert clauses("no puedo pagar pero quiero un plan") == [
        "no puedo pagar",
        "pero quiero un plan",
    ]


@given(st.text(max_size=300) | LETTERS)
def test_parts_are_of_the_text(text: str) -> None:
    assert all(part in plain(text) for part in clauses(plain(text)))
