"""Text from outside, made fit to keep: databases take neither NUL nor lone surrogates."""

REPLACEMENT = "\ufffd"
_UNFIT = {0: None, **dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT)}


def clean(text: str) -> str:
    """Without NUL characters, and with lone surrogates as U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(_UNFIT)
    return text.replace("\0", "")


def cut(text: str, limit: int) -> tuple[str, bool]:
    """Cleaned text of at most `limit` characters, and whether anything was cut off."""
    # Only what can be kept is cleaned: a text may be megabytes long.
    fitting = clean(text[: limit * 2])
    return fitting[:limit], len(text) > limit * 2 or len(fitting) > limit
