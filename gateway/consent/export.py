"""A history as a document that proves itself: its last line is the SHA-256 of all before it."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from compliance.facts import Consent
from gateway.clock import moment
from gateway.consent.history import Entry, History
from gateway.consent.standing import Stand
from gateway.storage import encode

VERSION = 1


def as_json(history: History) -> str:
    """JSON Lines: the head, every entry, the digest."""
    client, channel, address = history.key
    head = {
        "document": "consent history",
        "version": VERSION,
        "client": client,
        "channel": channel,
        "address": address,
        "exported_at": _when(history.at),
        "stands": [{"customer": ref, **plain(stand)} for ref, stand in stands(history)],
    }
    lines = [encode(head)]
    for number, entry in enumerate(history.entries, 1):
        lines.append(
            encode({"entry": number, "at": _when(entry.at), "what": entry.what} | _of(entry))
        )
    return _sealed(lines, lambda digest: encode({"sha256": digest}))


def as_text(history: History) -> str:
    """The same for people."""
    client, channel, address = history.key
    lines = [f"Consent history of {address} ({channel}) at {client}, {_when(history.at)}"]
    lines += [f"  {line}" for line in standing_lines(history)]
    lines.append("")
    for entry in history.entries:
        told = ", ".join(f"{name}: {value}" for name, value in _of(entry).items())
        lines.append(f"{_when(entry.at)}  {entry.what}  {told}")
    return _sealed(lines, lambda digest: f"sha256 of all lines above: {digest}")


def standing_lines(history: History) -> Iterator[str]:
    for ref, stand in stands(history):
        whose = "nobody's address" if ref is None else f"customer {ref}"
        told = ", ".join(f"{name} {value}" for name, value in plain(stand).items())
        yield f"{whose}: {'may not' if stand.is_out else 'may'} be written to" + (
            f" ({told})" if told else ""
        )


def stands(history: History) -> list[tuple[str | None, Stand]]:
    """By customer; the address alone where it is nobody's."""
    known: list[tuple[str | None, Stand]] = [(o.ref, o.stand) for o in history.owners]
    return known or [(None, history.nobody)]


def plain(stand: Stand) -> dict[str, str]:
    """What is known of it, as instants."""
    outs, consent = stand.opt_outs, stand.consent or Consent()
    found = {
        "opted_out_of_address": outs.address,
        "opted_out_of_channel": outs.channel,
        "opted_out_of_everything": outs.everything,
        "texted_at": consent.texted_at,
        "consented_at": consent.consented_at,
        "checked_at": consent.checked_at,
    }
    return {name: at.isoformat() for name, at in found.items() if at is not None}


def _of(entry: Entry) -> dict[str, Any]:
    return {
        name: _when(value) if name == "occurred_at" else value
        for name, value in entry.details.items()
    }


def _when(at: int) -> str:
    return moment(at).isoformat()


def _sealed(lines: list[str], seal: Any) -> str:
    body = "".join(f"{_one_line(line)}\n" for line in lines)
    return f"{body}{seal(sha256(body.encode()).hexdigest())}\n"


def _one_line(line: str) -> str:
    """Customers' words may hold line breaks, which would look like lines of ours."""
    return line.replace("\r", "\\r").replace("\n", "\\n")
