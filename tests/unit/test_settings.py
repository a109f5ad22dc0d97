"""The environment is read in one place; what is wrong is one line that names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import TAKES, BadSetting, Mode, Settings, read_settings, secret_keys
from tests.support.samtid_process import samtid

KEY = "A" * 43 + "="  # fixed: every worker must name its tests alike
BOT = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret"}

# Variable, a value that will do, and the same as the program holds it; what else it needs.
GOOD = [
    ("SAMTID_DATABASE_URL", "sqlite:////tmp/a.db", "database_url", {}),
    ("SAMTID_DATABASE_URL", "postgresql://u:p@host/name", "database_url", {"SAMTID_SECRET_KEYS": KEY}),
    ("SLACK_BOT_TOKEN", "xoxb-2", "slack_bot_token", {"SLACK_SIGNING_SECRET": "secret"}),
    ("SLACK_APP_TOKEN", "xapp-1", "slack_app_token", {"SLACK_BOT_TOKEN": "xoxb-1"}),
    ("SLACK_SIGNING_SECRET", "secret", "slack_signing_secret", {"SLACK_BOT_TOKEN": "xoxb-1"}),
    ("SLACK_API_URL", "http://127.0.0.1:9000/api/", "slack_api_url", BOT),
    ("SAMTID_HTTP_HOST", "0.0.0.0", "http_host", {}),
    ("SAMTID_PUBLIC_URL", "https://samtid.example.se", "public_url", {}),
    (
        "SAMTID_SMTP_URL",
        "smtp+starttls://u:p@mail.example.se:587",
        "smtp_url",
        {"SAMTID_MAIL_FROM": "s@a.se"},
    ),
    ("SAMTID_IMAP_URL", "imaps://u:p@mail.example.se:993/INBOX", "imap_url", {}),
    ("SAMTID_MAIL_FROM", "Samtid <samtid@example.se>", "mail_from", {}),
    ("SAMTID_SECRET_KEYS", KEY, "secret_keys", {}),
    ("SAMTID_LANGUAGE", "en", "language", {}),
]
# Variable, a value that will not do, and what else is set.
BAD = [
    ("SAMTID_DATABASE_URL", "mysql://host/name", {}),
    ("SAMTID_DATABASE_URL", "sqlite:///", {}),
    ("SLACK_BOT_TOKEN", "token", {"SLACK_SIGNING_SECRET": "secret"}),
    ("SLACK_APP_TOKEN", "xoxb-1", BOT),
    ("SLACK_API_URL", "slack.com/api", BOT),
    ("SAMTID_HTTP_PORT", "0", {}),
    ("SAMTID_HTTP_PORT", "65536", {}),
    ("SAMTID_HTTP_PORT", "http", {}),
    ("SAMTID_PUBLIC_URL", "samtid.example.se", {}),
    ("SAMTID_PUBLIC_URL", "https://samtid.example.se:port", {}),
    ("SAMTID_SMTP_URL", "http://mail.example.se", {}),
    ("SAMTID_IMAP_URL", "pop3://mail.example.se", {}),
    ("SAMTID_IMAP_URL", "imaps://mail.example.se", {}),
    ("SAMTID_IMAP_URL", "imap://u:p@mail.example.se", {}),
    ("SAMTID_MAIL_FROM", "samtid", {}),
    ("SAMTID_SECRET_KEYS", "not a key", {}),
    ("SAMTID_SECRET_KEYS", f"{KEY},short", {}),
    ("SAMTID_LANGUAGE", "de", {}),
]


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in TAKES:
        monkeypatch.delenv(variable, raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for variable, value in values.items():
        monkeypatch.setenv(variable, value)
    return read_settings()


def test_nothing_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch)
    assert settings.mode is Mode.LOCAL
    assert settings.database_url == "sqlite:///var/samtid.db"
    assert (settings.http_host, settings.http_port, settings.language) == ("127.0.0.1", 8737, "sv")


@pytest.mark.parametrize(("variable", "value", "name", "others"), GOOD)
def test_good_values(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, name: str, others: dict[str, str]
) -> None:
    assert getattr(given(monkeypatch, **others | {variable: value}), name) == value


def test_the_port_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, SAMTID_HTTP_PORT="9000").http_port == 9000


@pytest.mark.parametrize(("variable", "value", "others"), BAD)
def test_bad_values_are_one_line_with_the_variable_and_what_it_takes(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, others: dict[str, str]
) -> None:
    with pytest.raises(BadSetting) as refused:
        given(monkeypatch, **others | {variable: value})
    assert str(refused.value) == f"{variable}: {TAKES[variable]}"


def test_every_variable_is_tried_both_ways() -> None:
    free = {"SAMTID_HTTP_HOST", "SLACK_SIGNING_SECRET"}  # any text will do
    assert {variable for variable, _, _, _ in GOOD} | {"SAMTID_HTTP_PORT"} == set(TAKES)
    assert {variable for variable, _, _ in BAD} | free == set(TAKES)
    assert {field.validation_alias for field in Settings.model_fields.values()} == set(TAKES)


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}),
        ({"SLACK_APP_TOKEN": "xapp-1"}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}),
        ({"SLACK_SIGNING_SECRET": "secret"}, {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}),
        ({"SAMTID_DATABASE_URL": "postgresql://host/name"}, {"SAMTID_SECRET_KEYS"}),
    ],
)
def test_what_belongs_together_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], missing: set[str]
) -> None:
    with pytest.raises(BadSetting) as refused:
        given(monkeypatch, **values)
    assert str(refused.value).partition(":")[0] in missing


def test_tokens_choose_the_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, **BOT).mode is Mode.HTTP
    assert given(monkeypatch, SLACK_APP_TOKEN="xapp-1").mode is Mode.SOCKET


def test_an_embedded_database_gets_a_key_file_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = given(monkeypatch, SAMTID_DATABASE_URL=f"sqlite:///{tmp_path}/var/samtid.db")
    keys = secret_keys(settings)
    file = tmp_path / "var" / "samtid.key"
    assert secret_keys(settings) == keys
    assert file.stat().st_mode & 0o077 == 0
    Fernet(keys[0])


@pytest.mark.parametrize("command", [["run"], ["migrate"], ["doctor"], ["org", "apply", "file.yaml"]])
def test_every_command_says_it_and_ends_with_2(tmp_path: Path, command: list[str]) -> None:
    done = samtid(*command, folder=tmp_path, SAMTID_HTTP_PORT="no")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"SAMTID_HTTP_PORT: {TAKES['SAMTID_HTTP_PORT']}\n"
    assert list(tmp_path.iterdir()) == []
