"""Where a person's own words end: what they quote is not theirs."""

import re

_QUOTE = re.compile(
    r"""^\s*(?:>|\|\s|-{2,}\s*(?:original|ursprüngliche|forwarded|weitergeleitet|message\s+(?:d'origine|transféré)|mensaje|messaggio|mensagem|oorspronkelijk|wiadomo)
        |begin\s+forwarded\s+message|on\s.{5,200}\swrote\s*:|am\s.{5,200}\sschrieb|le\s.{5,200}\sa\sécrit|el\s.{5,200}\sescribió|il\s.{5,200}\sha\sscritto|em\s.{5,200}\sescreveu|op\s.{5,200}\sschreef
        |_{20,}\s*$|(?:from|von|de|da|van|od|från|fra)\s*:\s.*@)""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_HEAD = 1500


def is_quoting(text: str) -> bool:
    return any(_QUOTE.match(line[:300]) for line in text.splitlines())


def head(text: str) -> str:
    """What stands above the first quote, as far as a machine would need to say what it is."""
    kept: list[str] = []
    for line in text[: _LONGEST_HEAD * 4].splitlines():
        if _QUOTE.match(line[:300]):
            break
        kept.append(line)
    return "\n".join(kept)[:_LONGEST_HEAD]
