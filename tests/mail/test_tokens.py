"""Tokens prove which message they name, whatever mail systems and forgers do to them."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.tokens import LENGTH, LONGEST_LOCAL_PART, Purpose, mint, prove

KEY = b"a server secret of at least 32 bytes"
ID = "019ab000-0000-7000-8000-000000000001"
TOKEN = mint(KEY, ID, Purpose.REPLY)
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def test_a_token_is_the_same_in_every_process_and_release() -> None:
    assert TOKEN == "agnlaaaaabyabaaaaaaaaaaaahvksguhyypdp4sjnq"


@given(st.uuids(), st.sampled_from(Purpose))
def test_what_was_minted_is_proven_for_its_purpose_alone(named: UUID, purpose: Purpose) -> None:
    token = mint(KEY, str(named), purpose)
    assert len(token) == LENGTH
    assert set(token) <= set(ALPHABET)
    assert [prove(KEY, token, each) for each in Purpose] == [
        str(named) if each is purpose else None for each in Purpose
    ]
    assert prove(b"another secret, of 32 bytes or more", token, purpose) is None


def test_a_local_part_stays_within_its_64_octets() -> None:
    assert len("x" * LONGEST_LOCAL_PART + "+" + TOKEN) == 64


@given(st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH))
def test_case_does_not_count(raised: list[bool]) -> None:
    changed = "".join(c.upper() if up else c for c, up in zip(TOKEN, raised, strict=True))
    assert prove(KEY, changed, Purpose.REPLY) == ID


@given(st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_no_other_text_is_proven(at: int, letter: str) -> None:
    changed = TOKEN[:at] + letter + TOKEN[at + 1 :]
    assert prove(KEY, changed, Purpose.REPLY) == (ID if changed == TOKEN else None)


@given(st.text() | st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_any_text_is_answered(text: str) -> None:
    assert prove(KEY, text, Purpose.REPLY) is None


@pytest.mark.parametrize(
    "text",
    [
        TOKEN + "=",
        TOKEN + "\n",
        f" {TOKEN}",
        TOKEN.replace("a", "\u0430"),  # Cyrillic
        TOKEN.replace("k", "\u212a"),  # the Kelvin sign, whose lower case is k
        TOKEN[:-1],
        TOKEN + "a",
        "\ud800" * LENGTH,
        "\0" * LENGTH,
        "",
    ],
    ids=ascii,
)
def test_near_misses_prove_nothing(text: str) -> None:
    assert prove(KEY, text, Purpose.REPLY) is None


def test_what_is_no_id_has_no_token() -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        mint(KEY, "message 1", Purpose.REPLY)
