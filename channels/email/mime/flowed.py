"""format=flowed (RFC 3676): lines that a client has broken, put together again."""


def unflowed(text: str, delete_space: bool) -> str:
    """Paragraphs as one line each; quote marks stay. `delete_space` is the DelSp parameter."""
    paragraphs: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth, rest = _quoted(line)
        signature = rest == "-- "
        flows = rest.endswith(" ") and not signature
        said = rest[:-1] if flows and delete_space else rest
        if open_depth == depth and not signature:
            paragraphs[-1].append(said)
        else:
            paragraphs.append([">" * depth + " " if depth else "", said])
        open_depth = depth if flows else None
    return "\n".join("".join(pieces) for pieces in paragraphs)


def _quoted(line: str) -> tuple[int, str]:
    """Its depth, and what is said without the marks and the one space that stuffs it."""
    rest = line.lstrip(">")
    return len(line) - len(rest), rest.removeprefix(" ")
