"""The condition language of dialogs and rules: typed when read, three-valued when evaluated.

    not and or ( )   > >= < <= = == !=   is   is not   contains   matches
    constants: true false null empty, numbers, "text"; names: slots.x, context.y.z

A comparison with null is neither true nor false, except through `is` and `is not`; `and`, `or`
and `not` carry that on as in SQL. Money compares with money and with plain numbers (major units),
a date with a date or a "YYYY-MM-DD". A closed set of types makes nonsense a finding at load time.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.comparison import Value, equal, ordered, same
from domain.matching import BadPattern, compile_pattern, found

Lookup = Callable[[str], Value]
Evaluate = Callable[[Lookup], Value]

MAX_LENGTH = 1000
MAX_DEPTH = 40


class Type(StrEnum):
    BOOL = "bool"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    LIST = "list"
    NULL = "null"
    ANY = "any"


class ConditionError(ValueError):
    """A condition that makes no sense: what, where (offset in characters) and the mend."""

    def __init__(self, reason: str, offset: int, mend: str) -> None:
        super().__init__(f"{reason} at character {offset + 1}: {mend}")
        self.reason = reason
        self.offset = offset
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition read once, to be asked often. `names` are those it mentions, `literals` the
    numbers and texts; `patterned` where it matches a pattern, `searching` where it looks into texts
    or lists."""

    text: str
    names: frozenset[str]
    evaluate: Evaluate
    literals: frozenset[Value] = frozenset()
    patterned: bool = False
    searching: bool = False

    def holds(self, lookup: Lookup) -> bool:
        """True only where it is surely true."""
        return self.evaluate(lookup) is True


def parse(text: str, names: Mapping[str, Type]) -> Condition:
    """Reads and checks a condition against the types of the names. Raises ConditionError."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(
            f"a condition has at most {MAX_LENGTH} characters", MAX_LENGTH, "split it up"
        )
    parser = _Parser(_tokens(text), names)
    whole = parser.expression(0)
    end = parser.peek
    if end.kind != "end":
        raise ConditionError(f"unexpected {end.text!r}", end.at, "join conditions by and, or")
    _require(whole, Type.BOOL, "a condition must be true or false")
    return Condition(
        text,
        frozenset(parser.used),
        whole.evaluate,
        frozenset(parser.literals),
        parser.patterned,
        parser.searching,
    )


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # name | number | text | word | sign | end
    text: str
    at: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<name>(?:slots|context)(?:\.[A-Za-z_]\w*)+)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign>>=|<=|==|!=|[><=()])""",
    re.VERBOSE,
)


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ConditionError(
                f"unexpected {text[at]!r}", at, "use names, numbers, quoted text and operators"
            )
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(_Token(kind, match.group(), at))
        at = match.end()
    tokens.append(_Token("end", "the end", len(text)))
    return tokens


@dataclass(frozen=True, slots=True)
class _Node:
    type: Type
    evaluate: Evaluate
    at: int
    constant: Value = None
    literal: bool = False


OR, AND, NOT, COMPARISON = 1, 2, 3, 4
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_EQUAL = {"=": True, "==": True, "!=": False}
_BINDING = {"or": OR, "and": AND} | dict.fromkeys(
    ("is", "contains", "matches", *_ORDER, *_EQUAL), COMPARISON
)
_EMPTY = ("", ())


class _Parser:
    """Pratt's method: an operator binds its neighbours as strongly as its number says."""

    def __init__(self, tokens: list[_Token], names: Mapping[str, Type]) -> None:
        self.tokens = tokens
        self.names = names
        self.at = 0
        self.depth = 0
        self.used: set[str] = set()
        self.literals: set[Value] = set()
        self.patterned = False
        self.searching = False

    @property
    def peek(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def expression(self, binding: int) -> _Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ConditionError("too deeply nested", self.peek.at, "split it up")
        left = self.prefix(self.take())
        while _BINDING.get(self.peek.text, 0) > binding and self.peek.kind in ("word", "sign"):
            left = self.infix(left, self.take())
        self.depth -= 1
        return left

    def prefix(self, token: _Token) -> _Node:
        match token.kind, token.text:
            case "number", text:
                self.literals.add(Decimal(text))
                return _literal(Type.NUMBER, Decimal(text), token)
            case "text", text:
                self.literals.add(text[1:-1])
                return _literal(Type.TEXT, text[1:-1], token)
            case "name", name:
                return self.name(name, token)
            case "word", ("true" | "false") as text:
                return _literal(Type.BOOL, text == "true", token)
            case "word", "null":
                return _literal(Type.NULL, None, token)
            case "word", "not":
                return _negation(self.expression(NOT))
            case "sign", "(":
                return self.bracket(token)
        mend = "write names as slots.x or context.x, and text in quotes"
        raise ConditionError(f"unexpected {token.text!r}", token.at, mend)

    def name(self, name: str, token: _Token) -> _Node:
        kind = self.names.get(name)
        if kind is None:
            raise ConditionError(f"unknown name {name}", token.at, self.nearest(name))
        self.used.add(name)
        return _Node(kind, lambda lookup: lookup(name), token.at)

    def nearest(self, name: str) -> str:
        prefix = name.partition(".")[0] + "."
        known = sorted(n for n in self.names if n.startswith(prefix))
        return "known are " + ", ".join(known[:40]) if known else "declare it in slots.yml"

    def bracket(self, token: _Token) -> _Node:
        inner = self.expression(0)
        if self.take().text != ")":
            raise ConditionError("a bracket is not closed", token.at, "add )")
        return _Node(inner.type, inner.evaluate, token.at)

    def infix(self, left: _Node, token: _Token) -> _Node:
        match token.text:
            case "or" | "and":
                right = self.expression(_BINDING[token.text])
                return _junction(token.text, left, right)
            case "is":
                return self.identity(left)
            case "contains":
                self.searching = True
                return _contains(left, self.operand())
            case "matches":
                self.patterned = True
                return _matches(left, self.operand())
        if self.peek.text == "empty":
            return _emptiness(left, token, self.take())
        return _comparison(token, left, self.operand())

    def operand(self) -> _Node:
        return self.expression(COMPARISON)

    def identity(self, left: _Node) -> _Node:
        wanted = True
        if self.peek.text == "not":
            self.take()
            wanted = False
        if self.peek.text == "empty":
            self.take()
            empty = _identity_test(left.evaluate, lambda value: value is None or value in _EMPTY)
            return _Node(Type.BOOL, _wanted(empty, wanted), left.at)
        right = self.operand()
        left, right = _aligned(left, right)
        first, second = left.evaluate, right.evaluate
        return _Node(
            Type.BOOL,
            _wanted(lambda lookup: same(first(lookup), second(lookup)), wanted),
            left.at,
        )


def _identity_test(inner: Evaluate, test: Callable[[Value], bool]) -> Evaluate:
    return lambda lookup: test(inner(lookup))


def _wanted(inner: Evaluate, wanted: bool) -> Evaluate:
    return inner if wanted else lambda lookup: not inner(lookup)


def _literal(kind: Type, value: Value, token: _Token) -> _Node:
    return _Node(kind, lambda _: value, token.at, value, literal=True)


def _require(node: _Node, kind: Type, reason: str) -> None:
    if node.type not in (kind, Type.ANY):
        raise ConditionError(
            f"{reason}, this is {node.type}", node.at, f"compare it, so that it becomes {kind}"
        )


def _negation(inner: _Node) -> _Node:
    _require(inner, Type.BOOL, "not needs true or false")
    evaluate = inner.evaluate

    def negated(lookup: Lookup) -> Value:
        value = evaluate(lookup)
        return not value if isinstance(value, bool) else None

    return _Node(Type.BOOL, negated, inner.at)


def _junction(word: str, left: _Node, right: _Node) -> _Node:
    """Kleene's and/or: one side that decides is enough, otherwise unknown stays unknown."""
    for side in (left, right):
        _require(side, Type.BOOL, f"{word} needs true or false on both sides")
    decides, first, second = word == "or", left.evaluate, right.evaluate

    def joined(lookup: Lookup) -> Value:
        one = first(lookup)
        if one is decides:
            return decides
        other = second(lookup)
        if other is decides:
            return decides
        return None if one is None or other is None else not decides

    return _Node(Type.BOOL, joined, left.at)


def _aligned(left: _Node, right: _Node) -> tuple[_Node, _Node]:
    """Both sides of a comparison, a text beside a date read as one. Raises ConditionError."""
    if left.type is Type.DATE and right.type is Type.TEXT:
        return left, _as_date(right)
    if right.type is Type.DATE and left.type is Type.TEXT:
        return _as_date(left), right
    kinds = {left.type, right.type}
    if len(kinds) == 1 or kinds & {Type.ANY, Type.NULL} or kinds == {Type.MONEY, Type.NUMBER}:
        return left, right
    raise ConditionError(
        f"{left.type} is compared with {right.type}", right.at, "compare values of one type"
    )


def _as_date(node: _Node) -> _Node:
    try:
        value = date.fromisoformat(str(node.constant) if node.literal else "")
    except ValueError:
        raise ConditionError(
            "a date is compared with text", node.at, 'write the date as "YYYY-MM-DD"'
        ) from None
    return _Node(Type.DATE, lambda _: value, node.at, value, literal=True)


def _comparison(token: _Token, left: _Node, right: _Node) -> _Node:
    left, right = _aligned(left, right)
    if Type.NULL in (left.type, right.type):
        raise ConditionError(
            "a comparison with null is never true", right.at, "write is null or is not null"
        )
    first, second = left.evaluate, right.evaluate
    if token.text in _EQUAL:
        wanted = _EQUAL[token.text]

        def equality(lookup: Lookup) -> Value:
            same = equal(first(lookup), second(lookup))
            return None if same is None else same is wanted

        return _Node(Type.BOOL, equality, left.at)
    for side in (left, right):
        if side.type in (Type.BOOL, Type.LIST):
            raise ConditionError(
                f"{side.type} has no order", side.at, "use =, != or contains instead"
            )
    compare = _ORDER[token.text]
    return _Node(Type.BOOL, lambda lookup: ordered(compare, first(lookup), second(lookup)), left.at)


def _emptiness(left: _Node, token: _Token, empty: _Token) -> _Node:
    if token.text not in _EQUAL or left.type not in (Type.TEXT, Type.LIST, Type.ANY):
        raise ConditionError("only text and lists are empty", empty.at, "write is null")
    wanted, inner = _EQUAL[token.text], left.evaluate

    def tested(lookup: Lookup) -> Value:
        value = inner(lookup)
        return None if value is None else (value in _EMPTY) is wanted

    return _Node(Type.BOOL, tested, left.at)


def _contains(left: _Node, right: _Node) -> _Node:
    if left.type not in (Type.TEXT, Type.LIST, Type.ANY):
        raise ConditionError(f"{left.type} contains nothing", left.at, "use text or a list")
    if right.type not in (Type.TEXT, Type.ANY):
        raise ConditionError("contains looks for text", right.at, "put it in quotes")
    first, second = left.evaluate, right.evaluate

    def tested(lookup: Lookup) -> Value:
        whole, part = first(lookup), second(lookup)
        if not isinstance(part, str):
            return None
        if isinstance(whole, str):
            return part.casefold() in whole.casefold()
        return part in whole if isinstance(whole, tuple) else None

    return _Node(Type.BOOL, tested, left.at)


def _matches(left: _Node, right: _Node) -> _Node:
    if left.type not in (Type.TEXT, Type.ANY):
        raise ConditionError(f"{left.type} has no words to match", left.at, "use text")
    if not (right.literal and isinstance(right.constant, str)):
        raise ConditionError("a pattern is not quoted text", right.at, "put it in quotes")
    try:
        pattern = compile_pattern(right.constant)
    except BadPattern as error:
        raise ConditionError("a pattern that can't be used", right.at, str(error)) from None
    inner = left.evaluate

    def tested(lookup: Lookup) -> Value:
        text = inner(lookup)
        return found(pattern, text) if isinstance(text, str) else None

    return _Node(Type.BOOL, tested, left.at)
