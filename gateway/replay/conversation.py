"""One stored conversation, rebuilt turn by turn, and led on by two packs in parallel."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import structs

from dialogs.decide import pending_slot
from dialogs.pack import Pack
from dialogs.replaying.comparing import Pair
from dialogs.replaying.dressing import adopted, dressed, under
from dialogs.replaying.summary import Line, Sample
from dialogs.replaying.telling import meaning
from dialogs.replaying.twins import Arm, Happened, compare, parted
from dialogs.scripts.beat import Turned
from dialogs.scripts.rehearsal import Rehearsal, rehearse
from dialogs.state import State
from domain.commands import Say
from domain.context import Context
from domain.events import Event, Said
from domain.understanding import Reply, Understanding
from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.clock import moment
from gateway.packs.names import Version, number_of
from gateway.pipeline.events import events_of
from gateway.pipeline.facts import zone_of
from gateway.replay.checking import Checker
from gateway.replay.history import Configs, PastDialogues
from gateway.replay.masking import Mask, shown_in
from gateway.replay.result import Fate, Result
from gateway.replay.rows import Record
from gateway.replay.then import Assumption, Then
from gateway.replay.timeline import Past, turns
from gateway.storage import Store
from nlu.merge import merge

MOVED = "plan_moved"
MOST_REHEARSED = 128
BEFORE = 6
"""Lines that a sample shows of what went before."""
LINK_BASE = "https://pay.example/p/"
"""Any will do: links stand in texts as marks."""

Understand = Callable[[Reply], Understanding]


class Window(NamedTuple):
    """Instants in microseconds since the epoch; `until` is the first that is left out."""

    since: int
    until: int


class Wardrobe:
    """A pack dressed as each of the versions that conversations ran on."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.shown = shown_in(pack)
        self._made: dict[tuple[str, str], Rehearsal] = {}

    def as_(self, other: Pack) -> Rehearsal:
        key = (other.name, other.version)
        if key not in self._made:
            self._made[key] = dressed(self.pack, *key)
        return self._made[key]


@dataclass(slots=True)
class Sources:
    """What all conversations share. `first` is None where each conversation's own pack is compared;
    `understand` reads texts anew for the second, where it is given."""

    store: Store
    configs: Configs
    dialogues: PastDialogues
    second: Wardrobe
    first: Wardrobe | None = None
    understand: Understand | None = None
    _made: dict[int, tuple[Pack, Rehearsal, frozenset[str]]] = field(default_factory=dict)

    def rehearsed(self, pack: Pack) -> Rehearsal:
        return self._of(pack)[1]

    def shown(self, pack: Pack) -> frozenset[str]:
        """Numbers and addresses in the texts of the pack, and of the one that it is compared as."""
        return self._of(pack)[2] | (self.first.shown if self.first else frozenset())

    def _of(self, pack: Pack) -> tuple[Pack, Rehearsal, frozenset[str]]:
        """The library makes a pack once; it is kept here, too, so that no other takes its id."""
        key = id(pack)
        if key not in self._made:
            if len(self._made) >= MOST_REHEARSED:
                self._made.clear()
            self._made[key] = pack, rehearse(pack), shown_in(pack)
        return self._made[key]


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a turn is decided with. `pack` is the record's own."""

    past: Past
    config: ClientConfig
    zone: ZoneInfo
    pack: Pack
    context: Context


class Conversation:
    """Mutable while it is followed. `own` is the side that the record had; `pair` the two that are
    compared, as long as they are."""

    def __init__(self, record: Record, sources: Sources, window: Window, result: Result) -> None:
        self.record = record
        self.sources = sources
        self.window = window
        self.result = result
        self.then = Then(record)
        self.checker = Checker(record, result.checked)
        self.mask = Mask(record)
        self.stored: str | None = None
        self.own: Arm | None = None
        self.pair: tuple[Arm, Arm] | None = None
        self.fate: Fate | None = None
        self.lines: deque[Line] = deque(maxlen=BEFORE)
        self.channel = self.then.first_channel
        self.unknown = 0
        self.changed: Callable[[], None] | None = None  # keeps the sample of the change

    async def follow(self) -> None:
        """To the end of the window. Raises PackError, LookupError or ValueError where it can't be
        rebuilt any further."""
        for past in turns(self.record):
            if past.at >= self.window.until:
                break
            turn = await self._turn(past)
            for event in events_of(past.rows, turn.zone):
                self._happen(turn, event)
            assert self.own is not None
            self.stored = self.sources.dialogues.encode(self.own.state)
        if self.changed is not None:
            self.changed()
        self.result.fates[self.fate or (Fate.SAME if self.pair else Fate.ELSEWHERE)] += 1

    async def _turn(self, past: Past) -> _Turn:
        """As it was prepared then, with the version of the pack that was in force."""
        client, customer = self.record.talk.client, self.record.customer
        config, sure = self.sources.configs.at(client, past.at)
        dialogues = self.sources.dialogues
        dialogues.look_back(past.at)
        while not dialogues.is_ready(self.stored, config):
            await dialogues.fetch(self.sources.store)
        state = dialogues.state(self.stored, config, customer and customer.language)
        self._enter(state)
        pack = dialogues.decides(state)
        said = [row for row in past.rows if row.kind == "said"]
        self.channel = said[-1].channel if said else self.channel
        causes = frozenset(row.id for row in past.rows if row.kind in ("promise_settled", MOVED))
        facts = self.then.facts(past.at, causes, past.rows, config)
        if not sure:
            self.then.assumed.add(Assumption.CONFIG)
        if number_of(Version(pack.name, pack.version)) is None:
            self.then.assumed.add(Assumption.RELEASE)
        channel = ChannelKind(self.channel)
        talk = self.then.talk(self.channel)
        context = facts.context(talk, config, channel, LINK_BASE, past.at)
        zone = ZoneInfo(zone_of(customer and customer.timezone, config))
        turn = _Turn(past, config, zone, pack, context)
        if past.at >= self.window.since and past.rows:
            self._begin(turn)
        return turn

    def _enter(self, state: State) -> None:
        """The record's side in the state that its turn began with."""
        if self.own is None:
            self.own = Arm(state)
        self.own.state = state

    # two sides

    def _begin(self, turn: _Turn) -> None:
        """Both sides go on from where the record stands, where they can."""
        if self.fate is not None or self.own is None:
            return
        if self.pair is None:
            second = self._side(self.sources.second, turn)
            first = self._side(self.sources.first, turn) if self.sources.first else self.own
            if first is not None and second is not None:
                self.pair = first, second
        if self.pair is not None:
            for arm in self.pair:
                arm.state = under(arm.state, self.own.state)

    def _side(self, wardrobe: Wardrobe, turn: _Turn) -> Arm | None:
        assert self.own is not None
        state: State | None
        if self.stored is None:
            state = State.fresh(wardrobe.as_(turn.pack).pack, self._locale(turn))
        else:
            state = adopted(self.own.state, turn.pack, wardrobe.pack)
        return None if state is None else self.own.copy(state)

    def _locale(self, turn: _Turn) -> str:
        customer = self.record.customer
        return (customer and customer.language) or turn.config.locale

    def _happen(self, turn: _Turn, event: Event) -> None:
        inside = turn.past.at >= self.window.since
        own = self._compared(turn, event) if inside else None
        if own is None:
            own = self._alone(turn, event)
        if inside:
            self.checker.check(own, self.then.assumed)
            self.result.assumed.update(self.then.assumed)
        self._remember(own)

    def _alone(self, turn: _Turn, event: Event) -> Turned:
        assert self.own is not None
        rehearsal = self.sources.rehearsed(turn.pack)
        return self.own.decide(rehearsal, event, turn.context, turn.past.at)

    def _compared(self, turn: _Turn, event: Event) -> Turned | None:
        """The record's turn, where it is one of the two that are compared."""
        if self.pair is None or self.fate is not None:
            self.unknown += self.fate is not None
            self.result.uncompared += 1
            return None
        timer = () if isinstance(event, Said) else (event.id,)
        if parted(*self.pair, turn.past.at, timer):
            self._part(turn, event, None)
            self.result.uncompared += 1
            self.unknown += 1
            return None
        first, second = self.sources.first, self.sources.second
        packs = (
            first.as_(turn.pack) if first else self.sources.rehearsed(turn.pack),
            second.as_(turn.pack),
        )
        happened = Happened(event, self._read_anew(turn, event))
        pair, own, other = compare(self.pair, packs, happened, turn.context, turn.past.at)
        self.result.tally.add(pair)
        self.result.passed(packs[1].pack, other)
        if pair.other_for_customer:
            self._part(turn, event, pair)
        elif pair.differs:
            self.result.tally.keep(pair, lambda: self._sample(turn, event, pair, self._before()))
        return None if first else own

    def _part(self, turn: _Turn, event: Event, pair: Pair | None) -> None:
        """From here on the conversation with the second pack is unknown."""
        self.fate = Fate.CHANGED if pair is not None else Fate.TIME
        before = self._before()

        def keep() -> None:
            self.result.tally.keep(pair, lambda: self._sample(turn, event, pair, before))

        self.changed = keep

    def _read_anew(self, turn: _Turn, event: Event) -> Event:
        """The event as the second pack's own model understands its texts."""
        if self.sources.understand is None or not isinstance(event, Said) or self.pair is None:
            return event
        pending = pending_slot(self.pair[1].state)
        found = [
            self.sources.understand(self._reply(turn, row, pending))
            for row in _burst(turn.past.rows, event.id)
        ]
        return structs.replace(event, understanding=merge(found))

    def _reply(self, turn: _Turn, row: Any, pending: str | None) -> Reply:
        return Reply(
            id=row.id,
            text=row.text,
            channel=ChannelKind(row.channel),
            locale=self._locale(turn),
            reference=moment(row.received_at).astimezone(turn.zone),
            currency=turn.context.currency,
            pending=pending,
        )

    # for people to read

    def _remember(self, turned: Turned) -> None:
        """Unmasked, and only as long as the conversation is followed."""
        self.lines.append(_line(turned.event))
        for command in turned.decision.commands:
            if isinstance(command, Say):
                self.lines.append(Line("we", command.content.text))

    def _before(self) -> tuple[Line, ...]:
        return tuple(self.lines)

    def _sample(
        self, turn: _Turn, event: Event, pair: Pair | None, before: Sequence[Line]
    ) -> Sample:
        shown = self.sources.second.shown | self.sources.shown(turn.pack)
        mask = self.mask.over(turn.config, shown)
        return Sample(
            client=turn.config.client,
            conversation=self.record.talk.id,
            at=turn.past.at,
            before=tuple(map(mask.line, before)),
            said=mask.line(_line(event)),
            pair=pair and mask.pair(pair),
            unknown=self.unknown,
        )


def _line(event: Event) -> Line:
    if isinstance(event, Said):
        return Line("customer", event.text)
    return Line("event", meaning(event).intent)


def _burst(rows: Sequence[Any], last: str) -> list[Any]:
    """The texts that were one Said, which has the id of the last."""
    found: list[Any] = []
    for row in rows:
        found = [*found, row] if row.kind == "said" else []
        if row.id == last:
            return found
    return []
