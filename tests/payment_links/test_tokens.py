"""Tokens are derived, long, and never shown."""

from hypothesis import given
from hypothesis import strategies as st

from domain.values import Token
from payment_links.tokens import (
    ALPHABET,
    LENGTH,
    key_for,
    same_secret,
    token_for,
    token_hash,
    well_formed,
)

SECRET = b"a server secret of at least 32 bytes"
LINK = "019ab000-0000-7000-8000-000000000001"


def test_a_token_holds_at_least_128_bits() -> None:
    assert len(set(ALPHABET)) ** LENGTH >= 2**128


def test_the_same_link_has_the_same_token_in_every_process_and_release() -> None:
    again = token_for(bytes(SECRET), str(LINK))
    assert again == token_for(SECRET, LINK)
    assert token_hash(again) == token_hash(token_for(SECRET, LINK))


@given(st.uuids(), st.uuids())
def test_tokens_are_well_formed_and_differ_by_link(one: object, other: object) -> None:
    first, second = token_for(SECRET, str(one)), token_for(SECRET, str(other))
    assert well_formed(first.secret)
    assert (first == second) == (one == other)


def test_another_secret_gives_another_token() -> None:
    assert token_for(b"another", LINK) != token_for(SECRET, LINK)


def test_every_place_of_a_token_takes_every_character() -> None:
    tokens = [token_for(SECRET, str(number)).secret for number in range(2_000)]
    assert all(set(place) == set(ALPHABET) for place in zip(*tokens, strict=True))


def test_keys_for_different_uses_differ() -> None:
    assert len({key_for(SECRET, use) for use in ("token", "csrf", "sandbox webhook")}) == 3


def test_the_hash_is_hex_sha256_and_the_repr_hides_the_token() -> None:
    assert token_hash(Token("abc")) == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    token = token_for(SECRET, LINK)
    assert token.secret not in f"{token!r} {token}"


@given(st.text(max_size=30))
def test_only_22_ascii_letters_and_digits_are_well_formed(text: str) -> None:
    right = len(text) == 22 and all(char in ALPHABET for char in text)
    assert well_formed(text) == right


def test_near_misses_are_not_well_formed() -> None:
    good = "a" * 22
    assert well_formed(good)
    for bad in (
        "",
        "a" * 21,
        "a" * 23,
        good + "\n",
        "a" * 21 + "-",
        "a" * 21 + "é",
        "a" * 21 + "٣",
    ):
        assert not well_formed(bad), bad


@given(st.text(), st.text())
def test_comparing_secrets_takes_any_text(one: str, other: str) -> None:
    assert same_secret(one, other) == (one == other)


def test_comparing_secrets_takes_lone_surrogates() -> None:
    assert same_secret("\ud800", "\ud800")
    assert not same_secret("\ud800", "x")
