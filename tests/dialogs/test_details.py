"""What a reply tells beside its intent, as codes and never in the customer's words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.details import MAX_TEXT, TABLES, WISHES, details, wishes
from domain.activity import TYPES
from domain.commands import Hold, Log
from tests.dialogs.play import Play, of

TOLD: list[tuple[str, str, dict[str, str]]] = [
    ("dispute", "I don't owe this", {"reason": "not_mine"}),
    ("dispute", "That is not my debt!", {"reason": "not_mine"}),
    ("dispute", "the amount is wrong", {"reason": "amount"}),
    ("dispute", "this is wrong", {}),
    ("dispute", "wrong amount", {"reason": "amount"}),
    ("dispute", "you overcharged me", {"reason": "amount"}),
    ("dispute", "I already paid this off", {"reason": "paid"}),
    ("dispute", "never heard of them", {"reason": "unrecognised"}),
    ("dispute", "no reconozco esta deuda", {"reason": "unrecognised"}),
    ("dispute", "I cancelled it last year", {"reason": "cancelled"}),
    ("dispute", "it is too old, look at the statute", {"reason": "old"}),
    ("dispute", "the sofa never arrived", {"reason": "goods"}),
    ("dispute", "no", {}),
    ("wrong_person", "this is his mom", {"relation": "family"}),
    ("wrong_person", "soy su hermana", {"relation": "family"}),
    ("wrong_person", "I just got this number", {"relation": "new_holder"}),
    ("wrong_person", "he used to live here", {"relation": "moved"}),
    ("wrong_person", "this is a business", {"relation": "work"}),
    ("wrong_person", "wrong number", {}),
    ("deceased", "my husband passed away", {"reporter": "family"}),
    ("deceased", "he died", {}),
    ("bankruptcy", "I am in an IVA", {"kind": "iva"}),
    ("bankruptcy", "got a debt relief order", {"kind": "dro"}),
    ("bankruptcy", "chapter 13", {"kind": "chapter_13"}),
    ("bankruptcy", "case no. 26-11042", {"case_number": "26-11042"}),
    ("bankruptcy", "filed bankruptcy, case number is pending", {"kind": "bankruptcy"}),
    ("attorney_represented", "call my solicitor", {"kind": "attorney"}),
    ("attorney_represented", "StepChange deal with it", {"kind": "debt_adviser"}),
    ("attorney_represented", "I'm in Breathing Space", {"kind": "breathing_space"}),
    ("hardship", "I lost my job", {"category": "job"}),
    ("hardship", "perdí mi trabajo", {"category": "job"}),
    ("hardship", "my hours were cut", {"category": "hours"}),
    ("hardship", "I am on universal credit", {"category": "benefits"}),
    ("hardship", "rent went up", {"category": "bills"}),
    ("hardship", "we are getting divorced", {"category": "family"}),
    ("hardship", "no money", {}),
    ("vulnerability", "I have cancer", {"driver": "health"}),
    ("vulnerability", "my wife died", {"driver": "life_event"}),
    ("vulnerability", "I can't read well", {"driver": "capability"}),
    ("vulnerability", "I can't cope", {"driver": "resilience"}),
    ("already_paid", "paid with my debit card", {"method": "card"}),
    ("already_paid", "I mailed a check", {"method": "cheque"}),
    ("already_paid", "bank transfer", {"method": "bank_transfer"}),
    ("already_paid", "en efectivo", {"method": "cash"}),
    ("already_paid", "by direct debit", {"method": "direct_debit"}),
    ("already_paid", "venmo", {"method": "wallet"}),
    ("already_paid", "paid over the phone", {"method": "phone"}),
    ("already_paid", "paid online", {"method": "website"}),
    ("already_paid", "I checked if it went through", {}),
    ("greeting", "my card, my lawyer, my job", {}),
]  # fmt: skip


@pytest.mark.parametrize(("intent", "text", "told"), TOLD)
def test_codes(intent: str, text: str, told: dict[str, str]) -> None:
    assert details(intent, text) == told


WISHED: list[tuple[str, dict[str, str]]] = [
    ("email me instead of texting", {"channel": "email"}),
    ("don't call me, text me", {"channel": "sms"}),
    ("stop calling me, email only", {"channel": "email"}),
    ("call me after 5pm", {"channel": "phone", "window": "evenings"}),
    ("mornings not evenings", {"window": "mornings"}),
    ("please do not contact me at work", {"place": "not_work"}),
    ("you can call me at work", {"channel": "phone", "place": "work"}),
    ("send me a letter", {"channel": "mail"}),
    ("por correo, por la tarde", {"channel": "email", "window": "afternoons"}),
    ("sólo los fines de semana", {"window": "weekends"}),
    ("some other way", {}),
]


@pytest.mark.parametrize(("text", "wished"), WISHED)
def test_wishes(text: str, wished: dict[str, str]) -> None:
    assert wishes(text) == wished


@given(st.sampled_from(sorted(TABLES)), st.text(max_size=2 * MAX_TEXT))
def test_no_words_of_the_customer_but_a_case_number_are_told(intent: str, text: str) -> None:
    told = details(intent, text)
    number = told.pop("case_number", "")
    assert len(number) <= 20
    for key, code in told.items():
        assert code in dict(TABLES[intent][key])
    assert all(code in WISHES[key] for key, code in wishes(text).items())


@pytest.mark.parametrize("text", ["not " * 5000, "don't " + "a " * 9000 + "work", "case " * 4000])
def test_long_texts_take_no_time(text: str) -> None:
    for intent in TABLES:
        details(intent, text)
    wishes(text)


@pytest.mark.parametrize(
    ("words", "event", "kind", "days"),
    [
        ("I have a lawyer", "legal.representation_reported", "attorney", None),
        ("I am in breathing space", "hold.requested", "breathing_space", 60),
        ("PayPlan look after this", "hold.requested", "debt_adviser", 30),
        ("ask them", "legal.representation_reported", "attorney", None),
    ],
)
def test_who_speaks_for_the_customer_decides_the_hold(
    play: Play, words: str, event: str, kind: str, days: int | None
) -> None:
    out = play.says(words, "attorney_represented")
    (told,) = [log for log in of(out, Log) if log.type == event]
    payload: Any = told.payload
    assert payload.get("days") == days
    assert [hold.kind for hold in of(out, Hold)] == [kind]
    assert out.state.suspended == kind
    assert event in TYPES
