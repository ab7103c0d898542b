"""gateway contact explain and check: why a message went or did not, and whether one could go."""

from datetime import UTC, datetime
from typing import Annotated, Any, Never

import typer

from domain.messages import Category
from domain.values import ChannelKind
from gateway.commands.store import client_in_force, on_store
from gateway.settings import contact_rules_folder
from gateway.storage import Store, encode

USAGE = 2

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def explain(
    message: Annotated[str, typer.Argument(help="The message's id, as in activity.")],
    as_json: AsJson = False,
) -> None:
    """Show why a message went or did not: what happened to it, and the last verdict with each
    rule's answer, the facts it looked at and its source. Exit 1 where there is no such message."""
    from gateway.contact.explaining import explain_message
    from gateway.rulebook import Rulebook

    book = Rulebook(contact_rules_folder()).book
    found: dict[str, Any] | None = on_store(
        lambda store: store.read(lambda tx: explain_message(tx, message, book))
    )
    if found is None:
        typer.echo(f"no message {message!r}: give the message_id of its activity", err=True)
        raise typer.Exit(1)
    typer.echo(encode(found) if as_json else "\n".join(_explained(found)))


def check(
    client: Annotated[str, typer.Option(help="The client's id.")],
    customer: Annotated[str, typer.Option(help="The customer's ref.")],
    channel: Annotated[ChannelKind, typer.Option(help="By which a message would go.")],
    at: Annotated[
        str | None, typer.Option(help="When, such as 2026-12-01T15:00:00-05:00; left out: now.")
    ] = None,
    account: Annotated[str | None, typer.Option(help="The ref; left out: the first.")] = None,
    category: Annotated[
        Category, typer.Option(help="Of the message; outreach is one that nobody asked for.")
    ] = Category.OUTREACH,
    text: Annotated[
        str | None, typer.Option(help="What it says; left out: rules about texts are not asked.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the contact rules about a message without sending any: the verdict for each address of
    the customer. Exit 0 where it may go to the preferred one, 1 where it may not."""
    from gateway.contact.checking import Question, Unaskable, check_contact
    from gateway.rulebook import Rulebook

    question = Question(
        customer=customer,
        channel=channel,
        at=_moment(at),
        account=account,
        category=category,
        text=text,
    )
    book = Rulebook(contact_rules_folder()).book

    async def ask(store: Store) -> list[dict[str, Any]]:
        config = await client_in_force(store, client)
        found: list[dict[str, Any]] = await store.read(
            lambda tx: check_contact(tx, config, question, book)
        )
        return found

    try:
        answers: list[dict[str, Any]] = on_store(ask)
    except Unaskable as error:
        _refuse(str(error))
    if as_json:
        typer.echo(encode({"at": question.at.isoformat(), "answers": answers}))
    else:
        typer.echo("\n\n".join("\n".join(_answer(each)) for each in answers))
    raise typer.Exit(0 if answers[0]["verdict"] == "allowed" else 1)


def _moment(text: str | None) -> datetime:
    now = datetime.now(UTC)
    if text is None:
        return now
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.utcoffset() is None:
        raise typer.BadParameter(
            "write a time with its offset, as in 2026-12-01T15:00:00-05:00", param_hint="--at"
        )
    if given < now:
        raise typer.BadParameter(
            "it is past; what was decided then is shown by `gateway contact explain`",
            param_hint="--at",
        )
    return given


def _explained(found: dict[str, Any]) -> list[str]:
    message = found["message"]
    lines = [f"{name.replace('_', ' '):<16} {value}" for name, value in message.items() if value]
    lines += ["", "what happened"]
    for event in found["history"]:
        told = [f"{name} {event[name]}" for name in ("rule", "until", "reason", "code", "version")
                if event.get(name)]  # fmt: skip
        lines.append(f"  {event['at']}  {event['event']}  {', '.join(told)}".rstrip())
    verdict = found["verdict"]
    if verdict is None:
        return [*lines, "", "nobody has asked the contact rules about it yet"]
    return [*lines, "", *_verdict(verdict)]


def _answer(answer: dict[str, Any]) -> list[str]:
    return [f"to {answer['address']}", *_verdict(answer)]


def _verdict(verdict: dict[str, Any]) -> list[str]:
    head = verdict["verdict"]
    if verdict["rule"]:
        head += f" by {verdict['rule']}"
    if verdict["until"]:
        head += f" until {verdict['until']}"
    lines = [head]
    for rule in verdict["rules"]:
        why = f": {rule['why']}" if rule["why"] else ""
        lines.append(f"  {rule['outcome']:<10} {rule['rule']} ({rule['id']}){why}")
        if rule["facts"]:
            lines.append(f"             facts: {encode(rule['facts'])}")
        since = f", since {rule['since']}" if rule["since"] else ""
        source = rule["source"] or "not known here any more"
        lines.append(f"             source: {source} ({rule['basis'] or '-'}{since})")
    return lines


def _refuse(message: str) -> Never:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)
