"""`gateway clients try`: what a strategist reads, and what a wrong argument meets."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook
from structlog.testing import capture_logs
from typer.main import get_command

from gateway.cli import app
from gateway.clients import ConfigurationError
from gateway.storage import StoreError
from tests.clients.conftest import CLIENT
from tests.clients.test_command import ENVIRONMENT, applied, gateway
from tests.options.host import SECRET, VARIABLE, Host, beside, never, raw, saying

EXAMPLES = Path(__file__).parents[2] / "examples" / "clients"
HARBOR = EXAMPLES / "harbor-recovery.yml"
WATER = EXAMPLES / "brightwater.yml"
DAY = ("--date", "2026-11-24")
LOOPBACK: dict[str, str | None] = {VARIABLE: SECRET, "GATEWAY_WEBHOOK_NETWORKS": "127.0.0.0/8"}
KINDS = ["pay_in_full", "pay_arrears", "promise", "plan", "settlement", "affordability"]

TEXT = """\
  day         2026-11-24
  balance     480.00 USD
  said        30 a month
  understood  request_plan (0.99), 30.00 USD each, monthly

Rules of the file for this account
  /options/0 is not met: context.account.segment = "high_risk"
  /options/1 is not met: context.account.balance < 100
  /options/2 is not met: context.account.product = "auto_loan" and
    context.account.age_days < 90
  promise: /promise
  plan: /plan
  settlement: /settlement

Answer
  plan: not as it was asked, but the nearest below: there would be more payments
    than plans have

Offered
  pay in full: 480.00 USD, because so much is owed (balance)
  promise: 48.00 USD to 480.00 USD, 2026-11-24 to 2026-12-08, because the
    client's rules allow it (/promise)
  plan: monthly: 12 of 40.00, 2026-12-01 to 2027-11-01; not as asked (amount:
    there would be more payments than plans have), because it is the nearest to
    what the customer asked (/plan)
  settlement, because the client's rules allow it (/settlement):
    336.00 USD settles 480.00 USD by 2026-12-24: 336.00 on 2026-12-24
    360.00 USD settles 480.00 USD by 2026-12-24: 3 of 120.00, 2026-12-24 to
      2027-02-24
  affordability, because the customer asked to pay less or later than the rules
    allow (/affordability)
  person, because somebody can always be reached (person)

Not offered
  pay arrears: no arrears are known (no_arrears)
"""


def tried(place: object, *words: object, balance: object = "480.00", **more: str | None) -> Result:
    return gateway(None, "try", place, "--balance", balance, *DAY, *words, **more)


def found(place: object, *words: object, balance: object = "480.00", **more: str | None) -> Any:
    made = tried(place, *words, "--json", balance=balance, **more)
    assert made.exit_code == 0, made.output
    return json.loads(made.stdout)


def kinds(made: Any) -> list[str]:
    return [option["kind"] for option in made["options"]]


def option(made: Any, kind: str) -> Any:
    [one] = [option for option in made["options"] if option["kind"] == kind]
    return one


def withheld(made: Any) -> dict[str, str]:
    return {each["kind"]: each["rule"] for each in made["withheld"]}


@pytest.fixture
def harbor(tmp_path: Path) -> Path:
    """The example with a look-up."""
    path = tmp_path / "harbor.yml"
    path.write_text(HARBOR.read_text())
    return path


class TestJson:
    def test_the_shape(self) -> None:
        made = found(HARBOR, "--say", "30 a month")
        assert list(made) == [
            "client",
            "configuration",
            "date",
            "balance",
            "currency",
            "said",
            "understood",
            "conditions",
            "rules",
            "answers",
            "options",
            "withheld",
            "notes",
        ]
        assert made["client"] == "harbor-recovery"
        assert made["configuration"] == str(HARBOR)
        assert (made["date"], made["balance"], made["currency"]) == ("2026-11-24", "480.00", "USD")
        assert made["understood"]["intent"] == "request_plan"
        assert made["understood"]["instalment"]["amount"] == "30.00"
        assert made["rules"] == {
            "promise": "/promise",
            "plan": "/plan",
            "settlement": "/settlement",
        }
        assert [each["outcome"] for each in made["conditions"]] == ["unknown", "not_met", "unknown"]

    def test_a_wish_without_figures_is_answered_with_what_there_is(self) -> None:
        made = found(HARBOR, "--age", 400, "--say", "would you accept 60%")
        assert made["answers"] == [
            {"asked": "settlement", "verdict": "offered", "rule": "/settlement"}
        ]
        made = found(WATER, "--say", "can we settle for less")
        assert made["answers"] == [
            {"asked": "settlement", "verdict": "refused", "rule": "not_offered"}
        ]
        made = found(HARBOR, "--say", "can I pay in instalments")
        assert made["answers"] == [{"asked": "plan", "verdict": "offered", "rule": "/plan"}]

    def test_the_answer_and_the_plan_to_the_penny(self) -> None:
        """480.00 in payments of 30.00 would be 16, and 12 is the most: 12 of 40.00. The first is
        due within 7 days; days that are closed roll back (roll: preceding)."""
        made = found(HARBOR, "--say", "30 a month")
        assert made["answers"] == [
            {"asked": "plan", "verdict": "countered", "rule": "plan.too_many"}
        ]
        plan = option(made, "plan")
        assert (plan["reason"], plan["rule"]) == ("nearest", "/plan")
        first = plan["schedules"][0]
        assert first["total"] == "480.00"
        assert [each["amount"] for each in first["instalments"]] == ["40.00"] * 12
        assert {each["rule"] for each in first["differs"]} == {"too_many"}

    def test_what_is_accepted(self) -> None:
        made = found(HARBOR, "--say", "80 a month")
        assert made["answers"] == [{"asked": "plan", "verdict": "accepted", "rule": "/plan"}]
        made = found(HARBOR, "--say", "I will pay 100 on Friday")
        assert made["answers"] == [{"asked": "promise", "verdict": "accepted", "rule": "/promise"}]
        answer = option(made, "promise")["answer"]
        assert answer == {"verdict": "accepted", "amount": "100.00", "due": "2026-11-27"}

    def test_what_is_refused(self) -> None:
        made = found(HARBOR, "--say", "30 a month", "--segment", "high_risk")
        assert made["answers"] == [{"asked": "plan", "verdict": "refused", "rule": "not_offered"}]
        assert made["rules"]["plan"] == "/options/0/plan"

    def test_nothing_said(self) -> None:
        made = found(WATER)
        assert (made["said"], made["understood"], made["answers"]) == ("", None, [])
        assert kinds(made) == ["pay_in_full", "promise", "plan", "affordability", "person"]
        assert withheld(made) == {"pay_arrears": "no_arrears", "settlement": "not_offered"}

    def test_every_kind_is_offered_or_withheld_with_its_rule(self) -> None:
        for words in ((), ("--age", 400), ("--flag", "dispute"), ("--broken", 2)):
            made = found(HARBOR, *words)
            told = {*kinds(made), *withheld(made)} - {"person", "help"}
            assert told == set(KINDS), words
            assert all(each["rule"] for each in (*made["options"], *made["withheld"]))
            assert kinds(made)[-1] == "person"

    def test_the_floor_of_a_settlement_is_not_told(self) -> None:
        """The floor of this cell is 60 % of 1,000.00."""
        made = tried(
            HARBOR, "--age", 400, "--json", "--say", "I can settle it for 100", balance=1000
        )
        assert "600" not in made.stdout
        assert json.loads(made.stdout)["answers"][0]["verdict"] in {"countered", "refused"}


class TestOptionsByAttribute:
    def test_by_segment(self) -> None:
        made = found(HARBOR, "--segment", "high_risk")
        assert [each["outcome"] for each in made["conditions"]] == [
            "decides",
            "not_reached",
            "not_reached",
        ]
        assert option(made, "promise")["latest"] == "2026-12-01"
        assert option(made, "promise")["rule"] == "/options/0/promise"
        assert withheld(made)["plan"] == "not_offered"

    def test_by_balance(self) -> None:
        made = found(HARBOR, balance="99.99")
        assert made["conditions"][1]["outcome"] == "decides"
        schedules = option(made, "plan")["schedules"]
        assert {len(each["instalments"]) for each in schedules} == {2, 3}
        assert found(HARBOR, balance="100")["conditions"][1]["outcome"] == "not_met"

    @pytest.mark.parametrize(("age", "kept"), [(89, False), (90, True), (400, True)])
    def test_by_product_and_age(self, age: int, kept: bool) -> None:
        words = ("--product", "auto_loan", "--segment", "prime", "--age", age)
        made = found(HARBOR, *words, balance=1000)
        assert made["conditions"][2]["outcome"] == ("not_met" if kept else "decides")
        rule = withheld(made).get("settlement")
        assert rule == (None if age == 400 else "settlement.no_offer" if kept else "not_offered")

    def test_the_other_example(self) -> None:
        made = found(WATER, "--segment", "social_tariff", balance="40")
        assert option(made, "promise")["minimum"] == "2.00"
        assert made["rules"]["promise"] == "/options/0/promise"

    def test_all_that_conditions_may_ask_for_can_be_said(self, tmp_path: Path) -> None:
        path = tmp_path / "c.yml"
        path.write_text(
            CLIENT
            + """options:
  - when: >-
      context.account.creditor = "Bank" and context.account.minimum_due > 20
      and context.account.arrears >= 60 and context.account.flags contains "promise"
      and context.promise.broken_in_a_row = 1 and context.account.age_days = 10
      and context.account.due_date = "2026-11-14" and context.today = "2026-11-24"
      and context.account.product = "card" and context.account.segment = "b"
    promise: {latest_days: 3}
"""
        )
        words = ["--creditor", "Bank", "--minimum-due", "25", "--arrears", "60", "--broken", 1]
        words += ["--flag", "promise", "--age", 10, "--product", "card", "--segment", "b"]
        made = found(path, *words)
        assert made["conditions"][0]["outcome"] == "decides", made["conditions"]
        assert option(made, "pay_arrears")["amount"] == "60.00"

    def test_a_hold_and_broken_promises(self) -> None:
        made = found(HARBOR, "--flag", "dispute", "--say", "30 a month")
        assert kinds(made) == ["person"]
        assert withheld(made) == dict.fromkeys(KINDS, "dispute")
        assert made["answers"] == [{"asked": "plan", "verdict": "refused", "rule": "dispute"}]
        made = found(HARBOR, "--broken", 2)
        assert withheld(made)["promise"] == "promise.broken"
        assert made["options"][-1]["reason"] == "refused"


class TestHostsOffers:
    def test_within_the_bounds(self) -> None:
        offers = {
            "promise": {"minimum": "100.00", "latest": "2026-12-01"},
            "plans": [{"frequency": "monthly", "count": 6}],
            "settlement": {"percent": 80},
            "not_offered": ["affordability"],
        }
        made = found(HARBOR, "--offers", json.dumps(offers), "--age", 400)
        assert made["notes"] == []
        assert option(made, "promise")["minimum"] == "100.00"
        assert option(made, "promise")["rule"] == "/offers/promise"
        assert (option(made, "plan")["reason"], option(made, "plan")["rule"]) == (
            "host",
            "/offers/plans",
        )
        assert option(made, "settlement")["terms"][0]["amount"] == "384.00"
        assert withheld(made)["affordability"] == "/offers/not_offered"

    def test_beyond_the_bounds(self) -> None:
        offers = {
            "promise": {"latest": "2027-06-01"},
            "plans": [{"count": 60}, {"count": 3, "colour": "blue"}],
            "settlement": {"percent": 5},
            "wishes": 1,
        }
        made = found(HARBOR, "--offers", json.dumps(offers), "--age", 400)
        notes = {each["pointer"]: each["rule"] for each in made["notes"]}
        assert notes == {
            "/wishes": "unknown",
            "/plans/1": "unreadable",
            "/promise/latest": "out_of_bounds",
            "/plans/0": "plan.too_many",
            "/settlement": "out_of_bounds",
        }
        assert option(made, "promise")["latest"] == "2026-12-08"
        text = tried(HARBOR, "--offers", json.dumps(offers), "--age", 400).stdout
        assert "  /plans/0: there would be more payments than plans have\n" in text

    def test_a_person(self) -> None:
        assert kinds(found(HARBOR, "--offers", '{"person": true}')) == ["person"]

    @pytest.mark.parametrize(
        "offers",
        ['{"\\ud800": 1}', '{"a\\u001b[31m": 1}', '{"promise": ' + "[" * 300 + "]" * 300 + "}"],
    )
    def test_hostile_offers_harm_no_terminal(self, offers: str) -> None:
        for words in ((), ("--json",)):
            made = tried(HARBOR, "--offers", offers, *words)
            assert made.exit_code == 0
            assert "\x1b" not in made.stdout


class TestText:
    def test_it_reads_from_top_to_bottom(self) -> None:
        made = tried(HARBOR, "--say", "30 a month", "--segment", "prime", "--age", 400)
        head, _, rest = made.stdout.partition("  day")
        assert head == f"harbor-recovery, {HARBOR}\n"
        assert "  day" + rest == TEXT

    @given(
        st.text(max_size=300),
        st.text(max_size=60),
        st.sampled_from(["0", "1", "480.00", "999999999999.99"]),
        st.sampled_from([HARBOR, WATER]),
    )
    @settings(
        max_examples=40,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        deadline=None,
    )
    def test_whatever_is_said_fits_80_columns_and_harms_nothing(
        self, say: str, segment: str, balance: str, place: Path
    ) -> None:
        made = tried(place, "--say", say, "--segment", segment, balance=balance)
        assert made.exit_code == 0, made.output
        for line in made.stdout.split("\n")[1:]:  # the first is the file's path
            assert len(line) <= 80, line
            assert line.isprintable(), line

    def test_in_a_pipe_of_its_own(self) -> None:
        """Data on stdout, nothing on stderr, no colours and no drawn lines."""
        command = [sys.executable, "-m", "gateway.cli", "clients", "try", str(WATER)]
        command += ["--balance", "480.00", "--say", "quiero pagar 30 al mes \x1b[31m", *DAY]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GATEWAY_")}
        environment |= {"COLUMNS": "80", "PYTHONIOENCODING": "ascii:strict"}
        made = subprocess.run(command, capture_output=True, env=environment, check=True)
        assert made.stderr == b""
        assert b"\x1b" not in made.stdout
        assert b"because so much is owed" in made.stdout
        assert all(len(line) <= 80 for line in made.stdout.decode().splitlines()[1:])

    def test_a_question_that_no_option_answers(self) -> None:
        made = tried(WATER, "--say", "what is the weather like")
        assert "asked for nothing that these options answer" in made.stdout

    def test_nothing_is_owed(self) -> None:
        made = tried(WATER, balance="0")
        (why,) = (line for line in made.stdout.splitlines() if line.startswith("  person"))
        assert why == "  person, because somebody can always be reached (nothing_due)"
        assert "settlement, affordability: nothing is\n    owed (nothing_due)" in made.stdout


class TestWrongArguments:
    @pytest.mark.parametrize(
        ("words", "mend"),
        [
            (("--balance", "-5"), "no amount of USD, which has at most 2 decimals"),
            (("--balance", "480.005"), "write it like 480.00"),
            (("--balance", "4,80"), "write it like 480.00"),
            (("--balance", "1e3"), "write it like 480.00"),
            (("--balance", "NaN"), "write it like 480.00"),
            (("--balance", "٤٨٠"), "write it like 480.00"),
            (("--balance", ""), "write it like 480.00"),
            (("--balance", "1" * 13), "write it like 480.00"),
            (("--balance", "$480"), "write it like 480.00"),
            (("--arrears", "x"), "--arrears"),
            (("--minimum-due", "-1"), "--minimum-due"),
            (("--age", "-1"), "greater than or equal to 0"),
            (("--age", "36501"), "less than or equal to 36500"),
            (("--age", "young"), "should be a valid integer"),
            (("--broken", "-1"), "greater than or equal to 0"),
            (("--date", "1999-12-31"), "write a day from 2000-01-01 to 2199-12-31"),
            (("--date", "2200-01-01"), "write a day from 2000-01-01 to 2199-12-31"),
            (("--date", "9999-12-31"), "write a day from 2000-01-01 to 2199-12-31"),
            (("--date", "2026-02-30"), "%Y-%m-%d"),
            (("--date", "tomorrow"), "%Y-%m-%d"),
            (("--flag", "Dispute"), "such as dispute or payment_claimed"),
            (("--flag", ""), "such as dispute or payment_claimed"),
            (("--offers", "{x"), "at line 1, column 2"),
            (("--offers", ""), "at line 1, column 1"),
            (("--offers", "[1]"), "something else"),
            (("--offers", '{"a": NaN}'), "NaN is no number"),
            (("--offers", '{"a": 1' + "0" * 5000 + "}"), "not a JSON object"),
            (("--offers", "[" * 200_000), "not a JSON object"),
            (("--look-up", "A-1"), "add look_up with its url and secret"),
            (("--look-up", "A-1", "--offers", "{}"), "not both"),
            (("--colour", "blue"), "No such option: --colour"),
        ],
    )
    def test_each_names_the_mend_and_prints_no_data(
        self, words: tuple[str, ...], mend: str
    ) -> None:
        made = tried(HARBOR, *words)
        assert made.exit_code == 2, made.output
        assert made.stdout == ""
        told = " ".join(made.stderr.replace("│", " ").split())
        assert mend in told

    def test_a_balance_is_needed(self) -> None:
        made = gateway(None, "try", HARBOR)
        assert made.exit_code == 2
        assert "--balance" in made.stderr

    @pytest.mark.parametrize(
        ("currency", "right", "shown", "wrong", "mend"),
        [
            ("JPY", "48000", "48000", "48000.5", "no decimals; write it like 480"),
            ("KWD", "48.125", "48.125", "48.1255", "at most 3 decimals; write it like 480.000"),
            ("USD", "48.1", "48.10", "48.125", "at most 2 decimals; write it like 480.00"),
        ],
    )
    def test_amounts_by_currency(
        self, tmp_path: Path, currency: str, right: str, shown: str, wrong: str, mend: str
    ) -> None:
        path = tmp_path / "c.yml"
        path.write_text(CLIENT.replace("currency: USD", f"currency: {currency}"))
        made = found(path, balance=right)
        assert made["balance"] == option(made, "pay_in_full")["amount"] == shown
        told = tried(path, balance=wrong)
        assert told.exit_code == 2
        assert mend in " ".join(told.stderr.replace("│", " ").split())

    @pytest.mark.parametrize("day", ["2000-01-01", "2024-02-29", "2100-12-31", "2199-12-31"])
    def test_far_days(self, day: str) -> None:
        words = ("--age", 36_500, "--say", "30 a month", "--json", "--date", day)
        made = gateway(None, "try", HARBOR, "--balance", 480, *words)
        assert made.exit_code == 0, made.output
        assert json.loads(made.stdout)["date"] == day


class TestWhoseRules:
    def test_a_file_with_findings(self, tmp_path: Path) -> None:
        path = tmp_path / "c.yml"
        path.write_text(CLIENT + "colour: blue\n")
        made = tried(path)
        assert (made.exit_code, made.stdout) == (1, "")
        assert f"{path}:10:1: unknown-key" in made.stderr
        assert tried(tmp_path / "gone.yml").exit_code == 1

    def test_by_name_in_the_folder(self) -> None:
        made = found("brightwater", GATEWAY_CLIENTS=str(EXAMPLES))
        assert made["configuration"] == str(WATER)
        made = tried("nobody", GATEWAY_CLIENTS=str(EXAMPLES))
        assert made.exit_code == 2
        assert "no client nobody is in force; name its file, or set GATEWAY_CLIENTS" in made.stderr

    def test_nobody_knows_it(self) -> None:
        assert tried("brightwater").exit_code == 2

    def test_what_is_in_force_comes_first(self, sqlite_url: str, folder: Path) -> None:
        applied(sqlite_url, folder)
        (folder / "harbor.yml").write_text(CLIENT + "promise: {latest_days: 7}\n")
        words = ("--balance", "480", *DAY, "--json")
        more = {"GATEWAY_CLIENTS": str(folder)}
        made = json.loads(gateway(sqlite_url, "try", "harbor", *words, **more).stdout)
        assert made["configuration"] == "in force"
        assert option(made, "promise")["latest"] == "2026-12-08"
        made = json.loads(gateway(sqlite_url, "try", folder / "harbor.yml", *words).stdout)
        assert option(made, "promise")["latest"] == "2026-12-01"
        lost = gateway(sqlite_url, "try", "nobody", *words)
        assert lost.exit_code == 2
        assert "in force are harbor, meridian" in lost.stderr

    def test_it_changes_nothing(self, sqlite_url: str, folder: Path, tmp_path: Path) -> None:
        applied(sqlite_url, folder)
        before = gateway(sqlite_url, "show", "--json").stdout
        gateway(sqlite_url, "try", "harbor", "--balance", "480", "--say", "stop. I will pay 100")
        assert gateway(sqlite_url, "show", "--json").stdout == before

    def test_settings_and_database(self, tmp_path: Path) -> None:
        url = f"postgresql:///name?host={tmp_path}"
        words = ("try", "harbor", "--balance", "480")
        assert isinstance(gateway(url, *words).exception, StoreError)
        gone = gateway(url, *words, GATEWAY_SECRET=None)
        assert isinstance(gone.exception, ConfigurationError)

    @pytest.mark.parametrize(
        ("environment", "code"),
        [
            ({"GATEWAY_DATABASE_URL": "postgresql:///name?host=/nowhere"}, 4),
            ({"GATEWAY_DATABASE_URL": "nonsense"}, 3),
        ],
    )
    def test_exit_codes_of_the_command_itself(self, environment: dict[str, str], code: int) -> None:
        command = [sys.executable, "-m", "gateway.cli", "clients", "try", "harbor"]
        own = {k: v for k, v in os.environ.items() if not k.startswith("GATEWAY_")}
        own |= {key: value for key, value in ENVIRONMENT.items() if value}
        made = subprocess.run(
            [*command, "--balance", "480"], capture_output=True, env=own | environment
        )
        assert (made.returncode, made.stdout) == (code, b"")
        assert made.stderr.startswith(b"gateway: ")
        assert b"Traceback" not in made.stderr


class TestLookUp:
    """Against a host on loopback, which only GATEWAY_WEBHOOK_NETWORKS allows."""

    @pytest.fixture
    def host(self) -> Host:
        return Host()

    @pytest.fixture
    def asking(self, host: Host, harbor: Path) -> Iterator[Path]:
        with beside(host) as url:
            part = f'look_up: {{url: "{url}/o", secret: "env:{VARIABLE}", timeout_seconds: 1}}\n'
            harbor.write_text(harbor.read_text() + part)
            yield harbor

    @staticmethod
    def found(path: Path, *words: object, **more: str | None) -> Any:
        with capture_logs():
            return found(path, "--look-up", "A-1", *words, **LOOPBACK | more)

    def test_the_offers_of_a_host(self, host: Host, asking: Path) -> None:
        host.answer = saying({"plans": [{"frequency": "monthly", "count": 6}]})
        made = self.found(asking)
        assert option(made, "plan")["rule"] == "/offers/plans"
        assert len(option(made, "plan")["schedules"][0]["instalments"]) == 6
        (call,) = host.calls
        asked = Webhook(SECRET).verify(call.raw, call.headers)
        assert asked == {
            "type": "options.requested",
            "client": "harbor-recovery",
            "account_ref": "A-1",
            "balance": "480.00",
            "currency": "USD",
            "today": "2026-11-24",
        }

    @pytest.mark.parametrize(
        ("answer", "rule"),
        [
            (never, "look_up.no_answer"),
            (raw(b"{}", 500), "look_up.status"),
            (saying({"x": "y" * 20_000}), "look_up.too_large"),
            (saying({}, account_ref="A-2"), "look_up.other_account"),
            (raw(b'{"account_ref":"A-1","offers":{"a":' + b"[" * 5000), "look_up.unreadable"),
            (saying({"settlement": {"percent": 1}}), "out_of_bounds"),
        ],
    )
    def test_each_failure_leads_to_a_person(
        self, host: Host, asking: Path, answer: Any, rule: str
    ) -> None:
        host.answer = answer
        made = self.found(asking, "--age", 400)
        assert [(each["kind"], each["reason"], each["rule"]) for each in made["options"]] == [
            ("person", "look_up", rule)
        ]
        assert withheld(made) == dict.fromkeys(KINDS, rule)

    def test_a_private_address_is_not_asked(self, host: Host, asking: Path) -> None:
        made = self.found(asking, GATEWAY_WEBHOOK_NETWORKS=None)
        assert made["options"][0]["rule"] == "look_up.address"
        assert host.calls == []

    def test_without_its_secret_nobody_is_asked(self, host: Host, asking: Path) -> None:
        made = self.found(asking, **{VARIABLE: None})
        assert made["options"][0]["rule"] == "look_up.secret"
        assert host.calls == []

    def test_words_for_a_failure(self, host: Host, asking: Path) -> None:
        """The data is on stdout, the log on stderr, and what was asked is the command's own."""
        host.answer = raw(b"", 500)
        command = [sys.executable, "-m", "gateway.cli", "clients", "try", str(asking)]
        command += ["--balance", "480", "--look-up", "A-1"]
        environment = os.environ | {name: str(value) for name, value in LOOPBACK.items()}
        made = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert made.returncode == 0, made.stderr
        assert "host could not be asked" in made.stdout
        assert "answered with a status other than 200 (look_up.status)" in made.stdout
        assert "look_up_failed" in made.stderr
        assert "look_up_failed" not in made.stdout

    @pytest.mark.parametrize("ref", ["", "  "])
    def test_a_reference_is_needed(self, asking: Path, ref: str) -> None:
        made = tried(asking, "--look-up", ref)
        assert made.exit_code == 2
        assert "write an account's reference" in made.stderr


def test_every_option_and_every_key_of_the_json_is_documented() -> None:
    page = (EXAMPLES.parents[1] / "docs" / "clients.md").read_text()
    told = page.partition("## Trying rules")[2].partition("\n## ")[0]
    command = get_command(app)
    for name in ("clients", "try"):
        command = command.commands[name]  # type: ignore[attr-defined]
    options = {each.opts[0] for each in command.params if each.opts[0].startswith("--")}
    assert {name for name in options if f"`{name}`" not in told} == {"--help"} & options
    assert [key for key in found(HARBOR) if f"`{key}`" not in told] == []
