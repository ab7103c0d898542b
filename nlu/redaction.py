"""Card, social security and national insurance numbers never reach storage or logs."""

import re

_CARD = re.compile(r"(?<![0-9])[0-9](?:[ .\-]{0,2}[0-9]){12,18}(?![0-9])")
_SSN = re.compile(
    r"(?<![0-9-])(?!000|666|9[0-9]{2})[0-9]{3}([- .])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![0-9])"
)
_SSN_NAMED = re.compile(
    r"(\b(?:ssn|social(?: security)?(?: (?:number|no|num|#))?)\b\W{0,3}(?:is\W{0,3})?)"
    r"[0-9]{9}(?![0-9])",
    re.IGNORECASE,
)
_NINO = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[A-D]\b",
    re.IGNORECASE,
)
CARD_MARK, SSN_MARK, NINO_MARK = "[card number]", "[social security number]", "[NI number]"


def redact(text: str) -> str:
    """The text with payment card numbers (13-19 digits that pass Luhn), US social security
    numbers and UK national insurance numbers replaced by marks. Idempotent, never raises.
    """
    if not any(char.isdigit() for char in text):
        return text
    text = _CARD.sub(_hide_card, text)
    text = _SSN.sub(SSN_MARK, text)
    text = _SSN_NAMED.sub(rf"\1{SSN_MARK}", text)
    return _NINO.sub(NINO_MARK, text)


def _hide_card(match: re.Match[str]) -> str:
    digits = [int(char) for char in match[0] if char.isdigit()]
    return CARD_MARK if luhn(digits) else match[0]


def luhn(digits: list[int]) -> bool:
    """True where the check digit is right and not all digits are the same."""
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1
