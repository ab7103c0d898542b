"""Commands of the dialog engine as rows: collected over a batch of turns, written in bulk."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.activity import Activity
from domain.commands import (
    CancelQueued,
    Command,
    Handoff,
    Hold,
    HoldScope,
    IssueLink,
    KeepTimes,
    Log,
    OptIn,
    OptOut,
    RecordAssessment,
    RecordOffer,
    RecordPlan,
    RecordPromise,
    RecordSettlement,
    Say,
    SetTimer,
)
from domain.messages import Status
from domain.plan_life import Status as PlanStatus
from domain.promise import State as PromiseState
from domain.values import mask
from gateway.clients import ClientConfig, Sender
from gateway.clock import DAY, SECOND
from gateway.consent.cancelling import Key
from gateway.holds.starting import (
    By,
    Start,
    Subject,
    cancel_held,
    endings_by,
    hold_terms,
    write_holds,
)
from gateway.ledger.plans import first_timer, plan_details, replace_plans
from gateway.links.ending import revoke_of_account, revoke_of_customer
from gateway.links.living import mint, renew
from gateway.pipeline import orders
from gateway.pipeline.agreements import Kept, keep, told_of
from gateway.pipeline.preferences import keep_times
from gateway.pipeline.promises import supersede
from gateway.pipeline.queueing import ask_at_queueing
from gateway.rulebook import Rulebook
from gateway.senders.pools import Place, assigned
from gateway.sequences.stopping import Ending, by_opt_outs, end_runs, lock_runs
from gateway.storage import Transaction, encode
from gateway.storage.tables import inbox, outbound, plans, promises
from payment_links.tokens import token_for, token_hash

BROKEN = "broken_promise"
WAIT = "wait"
"""A timer for a reply: void as soon as the state moves on, and there is at most one."""


class Turn(Struct, frozen=True):
    """Where the commands of one conversation's turn apply."""

    client: ClientConfig
    conversation_id: str
    customer_id: str | None
    account_id: str | None
    channel: str  # the one last heard from
    address: str
    contacts: Mapping[str, str]  # the customer's preferred address by channel
    senders: dict[str, str]  # ours by channel; one that is chosen here is entered
    idle: Collection[Place]  # of ours that are paused
    causation_id: str | None
    timezone: str
    rules: str | None = None  # a promise's own, as its row has them; None: the client's
    plan_rules: str | None = None  # the same of a plan
    run_id: str | None = None  # of the sequence whose step it is


@dataclass(slots=True)
class Effects:
    """The rows of a batch. Bulk rows go out together; `rare` are carried out one by one."""

    now: int
    link_key: bytes
    rules: Rulebook
    clients: dict[str, ClientConfig] = field(default_factory=dict)  # of what is said
    outbound: list[dict[str, Any]] = field(default_factory=list)
    timers: list[dict[str, Any]] = field(default_factory=list)
    promises: list[dict[str, Any]] = field(default_factory=list)
    plans: list[dict[str, Any]] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    agreed: list[tuple[Turn, Kept]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    shown: list[tuple[Turn, str]] = field(default_factory=list)  # links that are sent
    over: list[tuple[Turn, str]] = field(default_factory=list)  # accounts, and why
    events: list[Activity] = field(default_factory=list)
    cancelled: list[tuple[Turn, CancelQueued]] = field(default_factory=list)
    rare: list[tuple[Turn, orders.Order]] = field(default_factory=list)
    holds: list[Start] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    wrong: list[Turn] = field(default_factory=list)
    times: list[tuple[Turn, KeepTimes]] = field(default_factory=list)

    def add(self, turn: Turn, command: Command) -> None:
        match command:
            case Say():
                self._say(turn, command)
            case SetTimer():
                self._timer(turn, command)
            case RecordPromise():
                self._promise(turn, command)
            case RecordPlan():
                self._plan(turn, command)
            case RecordAssessment() | RecordSettlement() | RecordOffer():
                self._agreed(turn, command)
            case IssueLink():
                self._link(turn, command)
            case Log():
                self.log(turn, command.type, command.payload)
            case KeepTimes():
                self.times.append((turn, command))
            case CancelQueued():
                self.cancelled.append((turn, command))
            case Hold():
                self._hold(turn, command)
            case OptOut() | OptIn() | Handoff():
                self.rare.append((turn, command))

    def log(self, turn: Turn, kind: str, payload: Mapping[str, Any], **more: Any) -> None:
        self.events.append(
            Activity(
                type=kind,
                client=turn.client.client,
                occurred_at=self.now,
                customer_id=turn.customer_id,
                account_id=turn.account_id,
                conversation_id=turn.conversation_id,
                causation_id=turn.causation_id,
                payload=payload,
                **more,
            )
        )

    def _say(self, turn: Turn, say: Say) -> None:
        channel = say.channel.value
        heard = turn.address if turn.channel == channel else None
        address = say.address or heard or turn.contacts.get(channel)
        sender = None if address is None else self._sender(turn, channel, address)
        if address is None or sender is None:
            rule = "no_address" if address is None else "no_sender"
            self.log(turn, "message.suppressed", {"rule": rule, "response": say.response})
            self.rare.append((turn, Handoff(reason=f"{say.response}: {rule}")))
            return
        self.outbound.append(self._message(turn, say, address, sender.address))
        self.clients[turn.client.client] = turn.client
        if say.link_id is not None:
            self.shown.append((turn, say.link_id))
        self.log(
            turn,
            "message.queued",
            {"message_id": say.id, "response": say.response, "variation": say.variation},
            channel=channel,
            masked_address=mask(channel, address),
        )

    def _sender(self, turn: Turn, channel: str, address: str) -> Sender | None:
        key = turn.customer_id or turn.conversation_id
        return assigned(turn.client, channel, address, key, turn.senders, turn.idle)

    def _message(self, turn: Turn, say: Say, address: str, sender: str) -> dict[str, Any]:
        return {
            "id": say.id,
            "client": turn.client.client,
            "conversation_id": turn.conversation_id,
            "customer_id": turn.customer_id,
            "account_id": turn.account_id,
            "channel": say.channel.value,
            "sender": sender,
            "address": address,
            "category": say.category.value,
            "demand": int(say.demand),
            "response": say.response,
            "variation": say.variation,
            "language": say.language,
            "neutral": int(say.neutral),
            "text": say.content.text,
            "subject": say.content.subject,
            "html": say.content.html,
            "link_id": say.link_id,
            "causation_id": turn.causation_id,
            "run_id": turn.run_id,
            "status": Status.QUEUED.value,
            "due_at": self.now,
            "created_at": self.now,
        }

    def _timer(self, turn: Turn, timer: SetTimer) -> None:
        what = {"kind": timer.kind, "version": timer.version, "subject": timer.subject}
        self.timers.append(
            {
                "id": timer.id,
                "client": turn.client.client,
                "conversation_id": turn.conversation_id,
                "kind": WAIT if timer.kind == "no_reply" else "timer",
                "payload": encode(what),
                "due_at": self.now + int(timer.after.total_seconds() * SECOND),
                "created_at": self.now,
            }
        )

    def _promise(self, turn: Turn, promise: RecordPromise) -> None:
        self.promises.append(
            {
                "id": promise.id,
                "client": turn.client.client,
                "customer_id": turn.customer_id,
                "account_id": turn.account_id,
                "conversation_id": turn.conversation_id,
                "amount_minor": promise.amount.minor,
                "currency": promise.amount.currency,
                "due_date": promise.due_date.isoformat(),
                "state": PromiseState.PENDING.value,
                "rules": turn.rules,
                "created_at": self.now,
                "updated_at": self.now,
            }
        )
        details = {
            "promise_id": promise.id,
            "amount": str(promise.amount.decimal),
            "currency": promise.amount.currency,
            "due_date": promise.due_date.isoformat(),
        }
        self._supersede(turn, promise.supersedes, promise.id)
        self.log(turn, "promise.created", details, actor="customer")

    def _supersede(self, turn: Turn, promise_id: str | None, by: str) -> None:
        if promise_id:
            self.superseded.append(promise_id)
            told = {"promise_id": promise_id, "superseded_by": by}
            self.log(turn, "promise.superseded", told, actor="customer")

    def _plan(self, turn: Turn, plan: RecordPlan) -> None:
        row = {
            "id": plan.id,
            "client": turn.client.client,
            "customer_id": turn.customer_id,
            "account_id": turn.account_id,
            "conversation_id": turn.conversation_id,
            "schedule": encode(plan.schedule),
            "currency": plan.schedule.total.currency,
            "state": PlanStatus.ACTIVE.value,
            "rules": turn.plan_rules,
            "reschedules": plan.reschedules,
            "created_at": self.now,
            "updated_at": self.now,
        }
        self.plans.append(row)
        self.timers.append(first_timer(row, ZoneInfo(turn.timezone)))
        self._supersede(turn, plan.supersedes, plan.id)
        self.log(turn, "plan.accepted", plan_details(plan), actor="customer")

    def _hold(self, turn: Turn, hold: Hold) -> None:
        if hold.kind == "wrong_party" and turn.customer_id is not None:
            self.wrong.append(turn)  # not a hold: the address may be another customer's
        else:
            self.holds.append(_start(turn, hold))

    def _agreed(self, turn: Turn, command: Kept) -> None:
        self.agreed.append((turn, command))
        for kind, payload in told_of(command):
            self.log(turn, kind, payload, actor="customer")

    def _link(self, turn: Turn, link: IssueLink) -> None:
        self.links.append(
            {
                "id": link.id,
                "client": turn.client.client,
                "customer_id": turn.customer_id,
                "account_id": turn.account_id,
                "conversation_id": turn.conversation_id,
                "purpose": link.purpose,
                "token_hash": token_hash(token_for(self.link_key, link.id)),
                "created_at": self.now,
                "expires_at": self.now + turn.client.links.days * DAY,
            }
        )
        self.log(turn, "link.created", {"link_id": link.id, "purpose": link.purpose})

    def rest(self, turn: Turn, promise_id: str) -> None:
        """After a broken promise, where the client wants a rest."""
        days = hold_terms(turn.client).rest_days
        if days is None:
            return
        self.holds.append(
            Start(
                config=turn.client,
                kind=BROKEN,
                subject=_subject(turn, HoldScope.ACCOUNT),
                by=By.SYSTEM,
                reason=f"promise {promise_id} was broken",
                days=days,
                source_id=turn.causation_id,
                conversation_id=turn.conversation_id,
            )
        )

    def mark(self) -> tuple[int, ...]:
        """A place to go back to where one conversation's turn fails."""
        return tuple(len(rows) for rows in self._lists())

    def back_to(self, mark: tuple[int, ...]) -> None:
        for rows, length in zip(self._lists(), mark, strict=True):
            del rows[length:]

    def _lists(self) -> tuple[list[Any], ...]:
        return (
            self.outbound,
            self.timers,
            self.promises,
            self.plans,
            self.superseded,
            self.agreed,
            self.links,
            self.shown,
            self.over,
            self.events,
            self.cancelled,
            self.rare,
            self.holds,
            self.endings,
            self.wrong,
            self.times,
        )

    async def write(self, tx: Transaction) -> None:
        """Runs of sequences and cancellations first: they are locked before addresses everywhere,
        and customers after them. Runs end when all is said, so that what they have just said is
        cancelled too."""
        opted_out: list[Key] = []
        for turn, order in self.rare:
            if isinstance(order, OptOut):
                opted_out += await orders.keys_of(tx, turn, order)
        endings = [*await by_opt_outs(tx, opted_out), *endings_by(self.holds), *self.endings]
        runs = await lock_runs(tx, endings)
        tx.record(*self.events)
        self.events.clear()
        await orders.cancel_queued(tx, self, self.cancelled)
        await cancel_held(tx, self.holds)
        for turn in self.wrong:
            await orders.wrong_party(tx, turn)
        for turn, command in self.rare:
            if not isinstance(command, Handoff):
                await orders.carry_out(tx, self, turn, command)
        await mint(tx, self.links)
        await write_holds(tx, self.holds)
        await self._links(tx)
        for turn, command in self.rare:
            if isinstance(command, Handoff):
                await orders.carry_out(tx, self, turn, command)
        await tx.insert(promises, self.promises)
        await supersede(tx, self.superseded)
        await replace_plans(tx, self.plans)
        await tx.insert(plans, self.plans)
        await keep(tx, self.agreed)
        tx.record(*self.events)
        await ask_at_queueing(tx, self.outbound, self.clients, self.rules)
        await tx.insert(outbound, self.outbound)
        await tx.insert(inbox, self.timers)
        await end_runs(tx, runs, endings)
        await keep_times(tx, self.times)
        if self.outbound:
            tx.wake("send")

    async def _links(self, tx: Transaction) -> None:
        """Once customers are locked. Those of this batch have their full term already."""
        for turn, reason in self.over:
            if turn.account_id is not None:
                await revoke_of_account(tx, turn.account_id, reason)
        for turn in self.wrong:
            if turn.customer_id is not None:
                await revoke_of_customer(tx, turn.customer_id, "wrong_party")
        again: dict[int, list[str]] = {}
        new = {row["id"] for row in self.links}
        for turn, link in self.shown:
            if link not in new:
                again.setdefault(turn.client.links.days * DAY, []).append(link)
        for term, ids in again.items():
            await renew(tx, ids, term)


def _subject(turn: Turn, scope: HoldScope) -> Subject:
    """Without a customer it is the address; without an account, the customer."""
    client = turn.client.client
    if scope is HoldScope.ADDRESS or turn.customer_id is None:
        return Subject(client, channel=turn.channel, address=turn.address)
    return Subject(
        client, turn.customer_id, turn.account_id if scope is HoldScope.ACCOUNT else None
    )


def _start(turn: Turn, hold: Hold) -> Start:
    return Start(
        config=turn.client,
        kind=hold.kind,
        subject=_subject(turn, hold.scope),
        by=By.CUSTOMER,
        days=hold.days,
        source_id=turn.causation_id,
        conversation_id=turn.conversation_id,
    )
