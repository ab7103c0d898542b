"""A client's file: every finding names the file, the place in it and what is wanted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.clients import ConfigurationError, read_client, read_clients, read_folder, secret
from tests.service.conftest import CLIENT, OURS

Change = Callable[[str], str]


def less(line: str) -> Change:
    return lambda text: "\n".join(one for one in text.split("\n") if not one.startswith(line))


def other(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new)


def more(line: str) -> Change:
    return lambda text: f"{text}{line}\n"


SENDER = f'address: "{OURS}"'

WRONG = [
    ("no_client", less("client:"), "/client", "required"),
    ("client_name", other("client: harbor", "client: Harbor Recovery"), "/client", "pattern"),
    ("no_brand_name", other("name: Harbor Recovery, ", ""), "/brand/name", "required"),
    ("empty_brand_name", other("Harbor Recovery", '""'), "/brand/name", "1 character"),
    (
        "jurisdiction",
        other("jurisdiction: US", "jurisdiction: DE"),
        "/jurisdiction",
        "'US' or 'GB'",
    ),
    ("currency", other("currency: USD", "currency: dollars"), "/currency", "pattern"),
    ("timezone", other("America/New_York", "Mars/Base"), "/timezone", "IANA"),
    ("escaping_timezone", other("America/New_York", "../../etc/passwd"), "/timezone", "IANA"),
    ("no_senders", lambda text: text[: text.index("senders:")] + "senders: []\n", "/senders", "1"),
    ("channel", other("channel: sms", "channel: fax"), "/senders/0/channel", "'sms' or 'email'"),
    ("phone", other(SENDER, "address: hello"), "/senders/0", "phone"),
    ("plain_phone", other(SENDER, 'address: "+1 (212) 555-0100"'), "/senders/0", "E.164"),
    ("typing", other("approved: true", "approved: maybe"), "/senders/0/approved", "boolean"),
    ("pace", other("approved: true", "pace: 0"), "/senders/0/pace", "greater than 0"),
    ("unknown", more("colour: blue"), "/colour", "not permitted"),
    ("unknown_inside", other("approved:", "aproved:"), "/senders/0/aproved", "not permitted"),
    ("promise", more("promise: {latest_days: 90}"), "/promise/latest_days", "30"),
    ("links", more("links: {days: 0}"), "/links/days", "1"),
    ("caps", more("contact: {daily_cap: 0}"), "/contact/daily_cap", "1"),
    (
        "secret_in_file",
        more("webhooks: [{url: 'https://host.example', secret: whsec_abc}]"),
        "/webhooks/0/secret",
        "env:",
    ),
    (
        "webhook_url",
        more("webhooks: [{url: host.example, secret: 'env:HOOK'}]"),
        "/webhooks/0/url",
        "http",
    ),
]


@pytest.mark.parametrize(
    ("change", "place", "mend"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_a_finding_names_its_place(tmp_path: Path, change: Change, place: str, mend: str) -> None:
    path = tmp_path / "harbor.yml"
    path.write_text(change(CLIENT))
    with pytest.raises(ConfigurationError) as found:
        read_client(path)
    (line,) = str(found.value).splitlines()
    assert line.startswith(f"{path}: {place}: "), line
    assert mend in line


def test_every_finding_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "harbor.yml"
    text = CLIENT.replace("currency: USD", "currency: x").replace("America/New_York", "Nowhere")
    path.write_text(text + "colour: blue\n")
    with pytest.raises(ConfigurationError) as found:
        read_client(path)
    assert {line.split(": ")[1] for line in str(found.value).splitlines()} == {
        "/currency",
        "/timezone",
        "/colour",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- 1\n- 2\n",
        b"harbor",
        b"a: [",
        b"\xff\xfe",
        b"client: a\nclient: b\n",
        b"a: !!python/object:os.system x\n",
    ],
)
def test_what_is_no_client_file_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "harbor.yml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"harbor\.yml"):
        read_client(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nobody\.yml: No such file"):
        read_client(tmp_path / "nobody.yml")
    (tmp_path / "folder.yml").mkdir()
    with pytest.raises(ConfigurationError, match=r"folder\.yml"):
        read_client(tmp_path / "folder.yml")


def test_a_folder_without_clients(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no client file \(\*\.yml\) in"):
        read_folder(tmp_path)


def test_a_sender_belongs_to_one_client(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(CLIENT)
    (tmp_path / "b.yml").write_text(CLIENT.replace("client: harbor", "client: meridian"))
    with pytest.raises(ConfigurationError, match=r"\+12125550100 .*harbor and meridian"):
        read_folder(tmp_path)


def test_a_client_has_one_file(tmp_path: Path) -> None:
    """Of two, one would silently not be in force."""
    (tmp_path / "a.yml").write_text(CLIENT)
    (tmp_path / "b.yml").write_text(CLIENT.replace("Harbor Recovery", "Another"))
    with pytest.raises(ConfigurationError, match="harbor"):
        read_folder(tmp_path)


def test_the_example_clients_are_right() -> None:
    examples = sorted((Path(__file__).parents[2] / "examples" / "clients").glob("*.yml"))
    assert [config.client for config in read_clients(examples)]


def test_a_short_code_is_a_sender(tmp_path: Path) -> None:
    path = tmp_path / "harbor.yml"
    path.write_text(CLIENT.replace(OURS, "45678"))
    assert read_client(path).senders[0].address == "45678"


def test_a_secret_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOK", raising=False)
    with pytest.raises(ConfigurationError, match="HOOK is not set"):
        secret("env:HOOK")
    monkeypatch.setenv("HOOK", "whsec_x")
    assert secret("env:HOOK") == "whsec_x"
