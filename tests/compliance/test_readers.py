"""Who reads a message: disclosures, the right party, third parties; on the text as it is read."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from compliance.facts import Party
from compliance.gate import judge
from compliance.rules import ContactRules
from compliance.secrets import SecretAmount, SecretCode, SecretDay, SecretName, SecretWords
from compliance.verdict import Outcome
from domain.messages import Category
from domain.values import ChannelKind, Money
from tests.compliance.given import GB, NOON_NY, THE_CUSTOMER, US, facts, message

SECRETS = (
    SecretAmount("balance", Money(123_456, "USD")),
    SecretDay("due date", date(2026, 6, 19)),
    SecretDay("date of birth", date(1980, 2, 3), dated=True),
    SecretWords("creditor", "Old Bank N.A."),
    SecretName("customer", "José", "Peña"),
    SecretCode("postcode", "SW1A 1AA"),
)
INITIAL = (
    "Acme is a debt collector trying to collect a debt and any information obtained will be used"
    " for that purpose. Reply STOP to opt out."
)
LATER = "Acme, a debt collector: please call us. Reply STOP to opt out."


def outcome(rule: str, said: Any, party: Party | None, rules: ContactRules = US) -> Outcome:
    verdict = judge(said, facts(party=party), rules, NOON_NY)
    return next(each.outcome for each in verdict.results if each.rule == rule)


def party(**changes: Any) -> Party:
    return replace(THE_CUSTOMER, **changes)


def spoken(text: str, **changes: Any) -> Any:
    return message(**({"text": text, "neutral": False, "secrets": SECRETS} | changes))


@pytest.mark.proves("right_party")
@pytest.mark.parametrize(
    "text",
    [
        "You owe $1,234.56 now.",
        "You owe 1234.56 now.",
        "You owe USD 1,234.56 now.",
        "You owe 1 234,56 now.",
        "You owe $1,234\u200b.56 now.",
        "You owe \uff11\uff12\uff13\uff14.56 now.",
        "It is about Old Bank.",
        "It is about OLD\u00a0BANK N.A.",
        "It is about \u041eld Bank.",
        "Hello Jose Pena!",
        "Hello JOSÉ PEÑA!",
        "It is due on 19 June 2026.",
        "Born 02/03/1980?",
        "At SW1A1AA.",
        "\u202eknaB dlO",
    ],
)
def test_no_fact_is_told_before_the_proof_however_it_is_written(text: str) -> None:
    said = spoken(f"{text} {LATER}")
    assert outcome("right_party", said, party()) is Outcome.SUPPRESSED
    for part in ({"subject": text}, {"html": f"<p>{text}</p>"}):
        mail = spoken(LATER, channel=ChannelKind.EMAIL, **part)
        assert outcome("right_party", mail, party()) is Outcome.SUPPRESSED


@pytest.mark.proves("right_party")
def test_the_proven_customer_may_read_them_for_a_while() -> None:
    said = spoken(f"You owe $1,234.56. {LATER}")
    days = US.terms.right_party.proof_days
    for ago, expected in ((1, Outcome.PASSED), (days + 1, Outcome.SUPPRESSED)):
        proven = party(proven_at=NOON_NY - timedelta(days=ago))
        assert outcome("right_party", said, proven) is expected
    lent = party(proven_at=NOON_NY - timedelta(days=1), shared=True)
    assert outcome("right_party", said, lent) is Outcome.SUPPRESSED


@pytest.mark.proves("right_party")
def test_what_was_not_read_lets_nothing_go() -> None:
    for said, reader in ((spoken(LATER, secrets=None), party()), (spoken(LATER), None)):
        assert outcome("right_party", said, reader) is Outcome.SUPPRESSED
    assert outcome("right_party", spoken(LATER), party()) is Outcome.PASSED


@pytest.mark.proves("disclosure")
@pytest.mark.parametrize(
    ("introduced", "text", "expected"),
    [
        (False, INITIAL, Outcome.PASSED),
        (False, LATER, Outcome.SUPPRESSED),
        (True, LATER, Outcome.PASSED),
        (True, INITIAL, Outcome.PASSED),
        (True, "Acme: please call us. Reply STOP to opt out.", Outcome.SUPPRESSED),
    ],
)
def test_each_contact_has_the_disclosure_that_it_needs(
    introduced: bool, text: str, expected: Outcome
) -> None:
    assert outcome("disclosure", spoken(text), party(introduced=introduced)) is expected


@pytest.mark.proves("disclosure")
def test_no_disclosure_is_made_up_for_an_unknown_language() -> None:
    for language in (None, "fr-FR", ""):
        said = spoken(LATER, language=language)
        assert outcome("disclosure", said, party()) is Outcome.SUPPRESSED
    assert outcome("disclosure", spoken(LATER), None) is Outcome.SUPPRESSED


@pytest.mark.proves("disclosure")
@pytest.mark.parametrize("word", ["debt", "arrears", "overdue", "debt collector"])
def test_an_onlooker_in_the_united_kingdom_reads_no_word_of_it(word: str) -> None:
    said = spoken(f"Acme: about your {word}", jurisdiction="GB", language="en-GB")
    assert outcome("disclosure", said, party(), GB) is Outcome.SUPPRESSED
    proven = party(proven_at=NOON_NY - timedelta(hours=1))
    assert outcome("disclosure", said, proven, GB) is Outcome.PASSED


@pytest.mark.proves("third_party")
@pytest.mark.parametrize(
    "changes",
    [
        {"wrong_since": NOON_NY},
        {"reassigned_at": NOON_NY},
        {"shared": True},
        {"nobody": True},
        {"employer": True},
        {"employer": True, "wrote_from": False},
    ],
)
def test_nothing_unasked_goes_where_others_read(changes: dict[str, Any]) -> None:
    assert outcome("third_party", message(), party(**changes)) is Outcome.SUPPRESSED
    assert outcome("third_party", message(), party()) is Outcome.PASSED
    assert outcome("third_party", message(), None) is Outcome.SUPPRESSED


@pytest.mark.proves("third_party")
@pytest.mark.parametrize("changes", [{"shared": True}, {"nobody": True}])
def test_a_reply_to_a_shared_address_is_neutral(changes: dict[str, Any]) -> None:
    reply = message(Category.REPLY)
    assert outcome("third_party", reply, party(**changes)) is Outcome.PASSED
    for spoilt in (
        message(Category.REPLY, neutral=False),
        message(Category.REPLY, text="Acme, about a debt. Reply STOP to opt out."),
    ):
        assert outcome("third_party", spoilt, party(**changes)) is Outcome.SUPPRESSED


@pytest.mark.proves("third_party")
def test_crisis_texts_go_to_whoever_wrote() -> None:
    for rule in ("third_party", "right_party", "disclosure"):
        said = message(Category.CRISIS, text="Call 988.", neutral=False, secrets=None)
        assert outcome(rule, said, None) is Outcome.EXEMPT
