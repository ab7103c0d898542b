"""The GSM 7-bit alphabet (3GPP TS 23.038, sections 6.2.1 and 6.2.1.1)."""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""One septet each. The escape itself is no character of a text."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each: the escape and the character."""

ALPHABET = BASIC | EXTENSION
