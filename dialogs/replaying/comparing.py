"""Two packs' answers to one event, side by side."""

from collections.abc import Iterator

from msgspec import Struct

from dialogs.replaying.telling import Meaning, Message, Told


class Pair(Struct, frozen=True):
    """One event as the first and the second pack took it; `meant` by each of them."""

    meant: tuple[Meaning, Meaning]
    told: tuple[Told, Told]

    @property
    def other_intent(self) -> bool:
        return self.meant[0] != self.meant[1]

    @property
    def other_path(self) -> bool:
        return self.told[0].path != self.told[1].path

    @property
    def other_message(self) -> bool:
        """Another response, variation or text, or a message in one of them alone."""
        return self.told[0].messages != self.told[1].messages

    @property
    def other_for_customer(self) -> bool:
        """The customer sees something else: from here on, nobody knows what they had answered."""
        first, second = (_seen(told.messages) for told in self.told)
        return first != second

    @property
    def other_outcome(self) -> bool:
        return self.told[0].outcomes != self.told[1].outcomes

    @property
    def differs(self) -> bool:
        return self.other_intent or self.other_path or self.other_message or self.other_outcome

    def outcomes(self) -> Iterator[tuple[str, str]]:
        """What differs, by kind: "only the first", "only the second" or "otherwise"."""
        first, second = (told.outcomes for told in self.told)
        for kind in sorted({*first, *second}):
            if kind not in second:
                yield kind, FIRST
            elif kind not in first:
                yield kind, SECOND
            elif first[kind] != second[kind]:
                yield kind, OTHERWISE


FIRST, SECOND, OTHERWISE = "only the first", "only the second", "otherwise"


def _seen(messages: tuple[Message, ...]) -> list[tuple[str, str, str | None, str | None]]:
    return [each.seen for each in messages]
