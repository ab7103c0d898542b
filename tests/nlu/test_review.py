"""Labelling what was hardly understood: the sheet, the terminal, and the examples made of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from domain.understanding import Reply, Score, Understanding
from domain.values import ChannelKind
from gateway.activity.replies import Understood
from gateway.commands.nlu import app
from gateway.commands.nlu.review import label, unsure
from gateway.commands.nlu.sheet import (
    BadSheet,
    Entry,
    example_of,
    intents_of,
    join_examples,
    masked,
    read_sheet,
    write_examples,
    write_sheet,
)
from gateway.commands.nlu.shown import printable
from nlu import corpus

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)
CARD, SSN, NINO = "4111 1111 1111 1111", "219-09-9999", "AB 12 34 56 C"


def entry(text: str, *intents: str, locale: str = "en-US") -> Entry:
    return Entry(text, locale, "out_of_scope 0.31", intents)


def understood(text: str, confidence: float, *names: str) -> Understood:
    reply = Reply("1", text, ChannelKind.SMS, "en-US", AT)
    scores = tuple(Score(name, confidence) for name in names or ("deny",))
    return Understood("harbor", reply, Understanding(scores[0].name, confidence, scores, "x"))


class TestWhatIsShown:
    def test_the_least_sure_come_first_and_each_text_once(self) -> None:
        replies = [
            understood("maybe", 0.5), understood("huh", 0.2, "deny", "thanks"),
            understood("sure", 0.6), understood("HUH", 0.3), understood("well", 0.4),
        ]  # fmt: skip
        found = unsure(replies, 0.6, 2)
        assert [each.text for each in found] == ["huh", "well"]
        assert found[0].understood == "deny thanks 0.20"

    @pytest.mark.parametrize(
        "secret",
        [CARD, SSN, NINO, "202 555 0143", "12345678", "jo.bloggs@mail.example.org",
         "https://pay.example/p/Ab3x"],
    )  # fmt: skip
    def test_nothing_that_leads_to_a_person(self, secret: str) -> None:
        (found,) = unsure([understood(f"its {secret} ok", 0.1)], 0.6, 9)
        for written in (write_sheet([found]), write_examples([entry(f"its {secret}", "deny")])):
            assert secret not in written
        assert "harbor" not in write_sheet([found])

    @pytest.mark.parametrize("said", ["50 on 3/4/2026", "2026-03-04", "$1,250.00", "at 10:30"])
    def test_amounts_and_days_stay(self, said: str) -> None:
        assert masked(said) == said


class TestIntents:
    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ("promise_to_pay", ("promise_to_pay",)),
            ("promise, thanks", ("promise_to_pay", "thanks")),
            ("dispute+already  dispute", ("dispute", "already_paid")),
            ("opt_o", ("opt_out",)),
        ],
    )
    def test_named_in_full_or_by_their_beginning(self, said: str, found: tuple[str, ...]) -> None:
        assert intents_of(said) == found

    @pytest.mark.parametrize("said", ["", "opt", "pay_later", "thanks,,deny,", "promise deny x"])
    def test_what_is_not_one_intent(self, said: str) -> None:
        with pytest.raises(ValueError, match="is not one intent"):
            intents_of(said)


class TestTerminal:
    def test_skip_take_correct_and_end(self) -> None:
        answers = iter(["", "=", "nonsense", "opt", "balance", "q"])
        asked: list[str] = []

        def ask(question: str) -> str:
            asked.append(question)
            return next(answers)

        found = label([entry(text) for text in ("one", "two", "three", "four", "five")], ask)
        assert [(each.text, each.intents) for each in found] == [
            ("two", ("out_of_scope",)), ("three", ("balance_query",)),
        ]  # fmt: skip
        assert "opt_out" in asked[4]

    def test_without_a_terminal_a_sheet_is_asked_for(self) -> None:
        result = CliRunner().invoke(app, ["review"])
        assert result.exit_code == 2
        assert "--to FILE" in result.stderr


class TestSheet:
    @settings(deadline=None)
    @given(st.lists(st.text(max_size=60)))
    def test_any_text_comes_back(self, texts: list[str]) -> None:
        entries = [entry(text, "deny") for text in texts]
        found = read_sheet(write_sheet(entries))
        assert [each.text for each in found] == list(map(printable, texts))

    def test_what_has_no_label_is_left_out(self) -> None:
        assert read_sheet(write_sheet([entry("huh"), entry("no", "deny")]))[0].text == "no"

    def test_a_label_may_be_written_in_any_way(self) -> None:
        rows = "\n".join(
            f"- {{text: a, intents: {said}}}"
            for said in ("deny", "[deny]", "[den]", "'deny+thanks'")
        )
        found = read_sheet(f"replies:\n{rows}\n")
        assert [each.intents[0] for each in found] == ["deny"] * 4
        assert found[0].locale == "en-US"

    @pytest.mark.parametrize(
        ("body", "says"),
        [
            ("a: [", "not YAML"),
            ("replies: 5", "replies"),
            ("[]", "replies"),
            ("replies: [5]", "reply 1: it needs a text"),
            ("replies: [{text: a, intents: [never]}]", "reply 1: 'never' is not one intent"),
            ("replies: [{text: a, intents: {a: 1}}]", "intents is a list"),
            ("replies: !!python/object/apply:os.system [ls]", "replies"),
        ],
    )
    def test_a_bad_sheet(self, tmp_path: Path, body: str, says: str) -> None:
        with pytest.raises(BadSheet, match=says):
            read_sheet(body)
        file = tmp_path / "sheet.yml"
        file.write_text(body, encoding="utf-8")
        assert command("--from", file).exit_code == 2


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["review", *map(str, arguments)])


class TestExamples:
    def test_they_are_training_data(self, tmp_path: Path) -> None:
        sheet = tmp_path / "sheet.yml"
        labelled = [entry("nah mate", "deny"), entry("line one\nline two", "thanks", "deny")]
        sheet.write_text(write_sheet(labelled), encoding="utf-8")
        result = command("--from", sheet)
        assert result.exit_code == 0
        file = tmp_path / "en-GB.yml"
        file.write_text(result.stdout, encoding="utf-8")
        assert [(each.text, each.intents) for each in corpus.read([file])] == [
            ("nah mate", ("deny",)), ("line one\nline two", ("thanks", "deny")),
        ]  # fmt: skip

    @settings(deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
    def test_any_text_is_one_example(self, text: str) -> None:
        """Nothing in a reply can begin an entity, an example or an intent of its own."""
        written = write_examples([entry(text, "deny"), entry("last", "deny")])
        document = YAML(typ="safe", pure=True).load(written)
        lines = [line for each in document["nlu"] for line in each["examples"].splitlines()]
        assert all(line.startswith("- ") for line in lines)
        assert len(lines) <= 2
        said = example_of(text)
        assert "](" not in said
        assert corpus.unmarked(said).count("\n") == said.count("\\n")

    def test_they_join_a_folder_by_locale_once(self, tmp_path: Path) -> None:
        folder = tmp_path / "nlu"
        folder.mkdir()
        english = folder / "en-US.yml"
        english.write_text(
            '# ours\nversion: "3.1"\nnlu:\n- intent: deny # no\n  examples: |\n    - Nope!\n',
            encoding="utf-8",
        )
        entries = [
            entry("nope!", "deny"),
            entry("😀 nah", "deny"),
            entry("vale", "affirm", locale="es-US"),
        ]
        assert list(join_examples(entries, folder)) == [(english, 1), (folder / "es-US.yml", 1)]
        assert [count for _, count in join_examples(entries, folder)] == [0, 0]
        assert english.read_text(encoding="utf-8").startswith('# ours\nversion: "3.1"\nnlu:\n')
        found = corpus.read([english, folder / "es-US.yml"])
        assert [each.text for each in found] == ["Nope!", "😀 nah", "vale"]

    @pytest.mark.parametrize("locale", ["../en-US", "en/US", "", "EN"])
    def test_a_locale_is_no_path(self, tmp_path: Path, locale: str) -> None:
        with pytest.raises(BadSheet, match="no locale"):
            list(join_examples([entry("no", "deny", locale=locale)], tmp_path / "nlu"))
        assert list(tmp_path.iterdir()) == []

    def test_a_file_that_is_no_training_data_is_left_alone(self, tmp_path: Path) -> None:
        sheet, folder = tmp_path / "sheet.yml", tmp_path / "nlu"
        sheet.write_text(write_sheet([entry("nah", "deny")]), encoding="utf-8")
        folder.mkdir()
        (folder / "en-US.yml").write_text("nlu: 5\n", encoding="utf-8")
        assert command("--from", sheet, "--into", folder).exit_code == 2
        assert (folder / "en-US.yml").read_text(encoding="utf-8") == "nlu: 5\n"
        assert command("--from", tmp_path / "none.yml").exit_code == 2
