# ruff: noqa: E501
"""What a letter says without its courtesies: salutation, sign-off and signature."""

import re

_HAIL = r"(?:hi|hiya|hello|hey|hola|greetings|morning|afternoon|evening|good (?:morning|afternoon|evening|day)|buen(?:os|as) (?:dias|tardes|noches))"
_ADDRESSED = r"(?: (?:there|again|all|both|guys|folks|team|everyone|mate|sir|madam|or|and))*"
_SAID = (
    r"(?:i|im|ive|id|ill|we|you|your|my|its|it|this|that|there|the|a|no|not|yes|ok|please|stop|can|could|will|would|"
    r"just|how|what|who|why|when|where|wrong|paid|pay|thanks|sorry|dont|cant|got|have|is|are|do|did|[a-z]*ing)"
)
"""After a greeting these begin what is said; any other word is a name."""
_OPENING = re.compile(
    rf"(?:(?:{_HAIL}{_ADDRESSED}(?: (?!{_SAID}\b)[a-z]+){{0,2}}(?=[,\n])|{_HAIL}{_ADDRESSED}|dear [a-z .]{{1,40}}(?=[,\n:])|"
    r"to whom it may concern|(?:i )?hope (?:you are|youre|your|this finds you|all is) (?:well|ok|good|keeping well|doing well)|just to say)[ ,.!:;\n-]+)+"
)
_CLOSING = re.compile(
    r"(?:\n|[.!?,] )(?:(?:many |with |my |kind(?:est)? |best |warm )*(?:regards|wishes|thanks|thank you)(?: (?:again|in advance|very much|so much))?|"
    r"yours(?: (?:sincerely|faithfully|truly))?|sincerely|respectfully|best|saludos|atentamente|"
    r"(?:sent|get outlook|enviado) (?:from|for|desde) [^\n]{1,40})"
    r"(?: [a-z]{2,15}|, ?[a-z]{2,15}(?: [a-z]{2,15})?)?(?:[ ,.!-]*\n[^\n]{0,60}){0,5}[ .!,]*\Z"
)


def matter(plain_text: str) -> str:
    """The text between "Dear Sir," and "Kind regards"; all of it where nothing else is said."""
    opening = _OPENING.match(plain_text)
    start = opening.end() if opening else 0
    closing = _CLOSING.search(plain_text, start)
    found = plain_text[start : closing.start() + 1 if closing else None].strip(" ,\n")
    return found if _SAYS_SOMETHING.search(found) else plain_text


_SAYS_SOMETHING = re.compile(r"[0-9]|\w \w|\bstop\b|day\b|tomorrow")
"""One word left over is most likely part of the greeting ("good evening all")."""
