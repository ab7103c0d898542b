from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import forms

FIELDS = st.dictionaries(st.text(), st.text())


@given(FIELDS)
def test_it_encodes_as_urllib_does(fields: dict[str, str]) -> None:
    assert forms.encode(fields) == urlencode(fields).encode()


@given(FIELDS)
def test_what_was_encoded_is_read_back(fields: dict[str, str]) -> None:
    expected = [(name, text) for name, text in fields.items() if name or text]
    decoded = [field for field in forms.decode(forms.encode(fields)) if field != ("", "")]
    assert decoded == expected


@given(st.binary() | st.text("ab%&=+;0\xe9").map(str.encode))
def test_it_decodes_as_urllib_does(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    assert forms.decode(body) == parse_qsl(text, keep_blank_values=True)


def test_lone_surrogates_are_not_sent() -> None:
    with pytest.raises(UnicodeEncodeError):
        forms.encode({"Body": "\ud83d"})
