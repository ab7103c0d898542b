"""The usual questions of a journey as steps: one of several, any of several, some words, the check.

Their words are texts of the journey: NAME is the question, NAME_CODE an answer, NAME_missing what
is said where there is none, and NAME_hint or NAME_CODE_hint a hint, where that text exists.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gateway.portal.deeds import Done, Make, carry_out
from gateway.portal.forms import Problem
from gateway.portal.here import Here
from gateway.portal.journey import Away, Form, Step, View, Wrong, wrong
from nlu.redaction import redact

YES = "yes"
Onward = str | Callable[[Here], str]
"""The next step's name, or how it follows from the answers."""


def one_of(name: str, codes: Sequence[str], onward: Onward, *, back: str | None = None) -> Step:
    """Radio buttons; the answer is kept under `name`."""

    async def show(here: Here) -> View:
        return View("question.html", {"kind": "radios", **_asked(here, name, codes)})

    async def take(here: Here, form: Form) -> str:
        chosen = form.get(name, "")
        if chosen not in codes:
            raise wrong(name, here.t(f"{name}_missing"))
        here.answers[name] = chosen
        return _onward(here, onward)

    return Step(show, take, back)


def any_of(
    name: str, codes: Sequence[str], onward: Onward, *, back: str | None = None, least: int = 0
) -> Step:
    """Check boxes, each an input of its own code; the answer is kept under `name`, by commas.
    Fewer than `least` are refused."""

    async def show(here: Here) -> View:
        ticked = dict.fromkeys(filter(None, here.answers.get(name, "").split(",")), YES)
        return View(
            "question.html", {"kind": "checks", "ticked": ticked, **_asked(here, name, codes)}
        )

    async def take(here: Here, form: Form) -> str:
        chosen = [code for code in codes if form.get(code) == YES]
        if len(chosen) < least:
            raise Wrong(Problem(codes[0], name, here.t(f"{name}_missing")))
        here.answers[name] = ",".join(chosen)
        return _onward(here, onward)

    return Step(show, take, back)


def words(
    name: str, onward: Onward, *, back: str | None = None, needed: bool = False, most: int = 1500
) -> Step:
    """Some lines in the customer's own words, without numbers of cards and the like."""

    async def show(here: Here) -> View:
        return View("question.html", {"kind": "words", "most": most, **_asked(here, name, ())})

    async def take(here: Here, form: Form) -> str:
        text = redact(form.get(name, "")[:most])
        if needed and not text:
            raise wrong(name, here.t(f"{name}_missing"))
        here.answers[name] = text
        return _onward(here, onward)

    return Step(show, take, back)


def check(
    rows: Callable[[Here], Iterator[tuple[str, ...]]],
    make: Callable[[Here], Make],
    *,
    back: str,
    first: str,
    needs: Sequence[str],
    keep: Callable[[Here, Done], dict[str, str]] | None = None,
) -> Step:
    """The answers once more, and the deed. Without those that it `needs` it leads to the `first`
    question. What `keep` gives is all that the last page, called done, will know of them."""

    async def show(here: Here) -> View | str:
        if any(name not in here.answers for name in needs):
            return first
        given: dict[str, Any] = {"rows": list(rows(here)), "button": here.t("send")}
        if "send_about" in here:
            given["about"] = [here.t("send_about")]
        return View("check.html", given)

    async def take(here: Here, form: Form) -> str | Away:
        if any(name not in here.answers for name in needs):
            return first
        done = await carry_out(here, form, make(here))
        kept = {} if keep is None else keep(here, done)
        here.answers.clear()
        here.answers.update(kept | {"reference": done.reference})
        return "done"

    return Step(show, take, back)


def done(about: Callable[[Here], list[str]]) -> Step:
    """What was done, with its reference; nothing to see before that."""

    async def show(here: Here) -> View | Away:
        if "reference" not in here.answers:
            return Away(here.path("account"))
        given = {"title": here.t("done"), "reference": here.answers["reference"], "rows": []}
        return View("done.html", given | {"about": about(here)})

    return Step(show)


def answered(here: Here, name: str, step: str | None = None) -> tuple[str, str, str]:
    """A row of the check: a question, the answer as it was worded, and where it is changed."""
    given = here.answers.get(name, "")
    codes = given.split(",")
    known = all(f"{name}_{code}" in here for code in codes)
    told = ", ".join(here.t(f"{name}_{code}") for code in codes) if known and given else given
    return here.t(name), told or here.t("site.nothing"), here.path(here.journey, step or name)


def _asked(here: Here, name: str, codes: Sequence[str]) -> dict[str, Any]:
    choices = [(code, here.t(f"{name}_{code}"), *_hint(here, f"{name}_{code}")) for code in codes]
    hint = "".join(_hint(here, name))
    return {"name": name, "label": here.t(name), "hint": hint, "choices": choices}


def _hint(here: Here, name: str) -> tuple[str, ...]:
    return (here.t(f"{name}_hint"),) if f"{name}_hint" in here else ()


def _onward(here: Here, onward: Onward) -> str:
    return onward if isinstance(onward, str) else onward(here)
