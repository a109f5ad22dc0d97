"""The only reader of the environment. What is wrong is one line that names the variable; exit 2."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from schedules.delivery.imap import BadImapUrl, ImapUrl
from schedules.delivery.smtp import BadSmtpUrl, SmtpUrl
from schedules.errors import SamtidError

TAKES = {
    "SAMTID_DATABASE_URL": "sqlite:///path/to/file.db or postgresql://user:password@host/name",
    "SLACK_BOT_TOKEN": "the bot's token, xoxb-…, together with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN": "the app-level token for Socket Mode, xapp-…, together with SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET": "the app's signing secret, together with SLACK_BOT_TOKEN",
    "SLACK_API_URL": "an http:// or https:// base URL such as https://slack.com/api/",
    "SAMTID_HTTP_HOST": "the address to listen on, such as 127.0.0.1 or 0.0.0.0",
    "SAMTID_HTTP_PORT": "a port between 1 and 65535",
    "SAMTID_PUBLIC_URL": "the http:// or https:// URL under which people reach this program",
    "SAMTID_SMTP_URL": "smtp://, smtps:// or smtp+starttls://user:password@host:port",
    "SAMTID_IMAP_URL": "imaps://user:password@host:port/folder (imap:// on this machine only)",
    "SAMTID_MAIL_FROM": "a mail address, with or without a name: Samtid <samtid@example.se>",
    "SAMTID_SECRET_KEYS": "comma-separated Fernet keys (32 bytes, url-safe base64), newest first",
    "SAMTID_LANGUAGE": "sv or en",
}


class BadSetting(SamtidError):
    """An environment variable has no usable value."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"{variable}: {TAKES[variable]}")


class Mode(StrEnum):
    """How Samtid is reached."""

    LOCAL = "local"
    SOCKET = "socket"
    HTTP = "http"


def _url(*schemes: str) -> AfterValidator:
    def check(value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            _ = parts.port  # a port that is no number raises here
        except ValueError as error:
            raise ValueError(schemes) from error
        if parts.scheme not in schemes or not (parts.hostname or parts.scheme == "sqlite"):
            raise ValueError(schemes)
        return value

    return AfterValidator(check)


def _database_url(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme not in {"sqlite", "postgresql", "postgresql+psycopg"} or not rest.strip("/"):
        raise ValueError(scheme)
    return value


def _smtp_url(value: str | None) -> str | None:
    if value is not None:
        try:
            SmtpUrl.parse(value)
        except BadSmtpUrl as error:
            raise ValueError(error.ids) from error
    return value


def _imap_url(value: str | None) -> str | None:
    if value is not None:
        try:
            ImapUrl.parse(value)
        except BadImapUrl as error:
            raise ValueError(error.ids) from error
    return value


def _keys(value: str | None) -> str | None:
    for key in (value or "").split(","):
        if key.strip():
            Fernet(key.strip())
    return value


def _address(value: str) -> str:
    address = value.rpartition("<")[2].rstrip("> ")
    name, at, domain = address.rpartition("@")
    if not (name and at and "." in domain) or not value.isprintable() or not address.isascii():
        raise ValueError(value)
    return value


def _prefix(prefix: str) -> AfterValidator:
    def check(value: str | None) -> str | None:
        if value is not None and not value.startswith(prefix):
            raise ValueError(prefix)
        return value

    return AfterValidator(check)


class Settings(BaseSettings):
    """The environment, checked."""

    model_config = SettingsConfigDict(env_ignore_empty=True, hide_input_in_errors=True, extra="ignore")

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "sqlite:///var/samtid.db", validation_alias="SAMTID_DATABASE_URL"
    )
    slack_bot_token: Annotated[str | None, _prefix("xox")] = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: Annotated[str | None, _prefix("xapp-")] = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: str | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: Annotated[str | None, _url("http", "https")] = Field(
        None, validation_alias="SLACK_API_URL"
    )
    http_host: str = Field("127.0.0.1", validation_alias="SAMTID_HTTP_HOST")
    http_port: int = Field(8737, ge=1, le=65535, validation_alias="SAMTID_HTTP_PORT")
    public_url: Annotated[str | None, _url("http", "https")] = Field(
        None, validation_alias="SAMTID_PUBLIC_URL"
    )
    smtp_url: Annotated[str | None, AfterValidator(_smtp_url)] = Field(
        None, validation_alias="SAMTID_SMTP_URL"
    )
    imap_url: Annotated[str | None, AfterValidator(_imap_url)] = Field(
        None, validation_alias="SAMTID_IMAP_URL"
    )
    mail_from: Annotated[str, AfterValidator(_address)] = Field(
        "Samtid <samtid@samtid.example>", validation_alias="SAMTID_MAIL_FROM"
    )
    secret_keys: Annotated[str | None, AfterValidator(_keys)] = Field(
        None, validation_alias="SAMTID_SECRET_KEYS"
    )
    language: str = Field("sv", pattern="^(sv|en)$", validation_alias="SAMTID_LANGUAGE")

    @property
    def mode(self) -> Mode:
        """Socket Mode with an app token, signed HTTP with a signing secret, else the local workspace."""
        if self.slack_bot_token is None:
            return Mode.LOCAL
        return Mode.SOCKET if self.slack_app_token else Mode.HTTP

    @property
    def pages_url(self) -> str | None:
        """Where people reach our own pages, without a slash at the end; None: nowhere that we know of."""
        if self.public_url is None and self.mode is Mode.LOCAL:
            return f"http://127.0.0.1:{self.http_port}"
        return self.public_url.rstrip("/") if self.public_url else None

    @property
    def sqlite_file(self) -> Path | None:
        """The embedded database's file; None for PostgreSQL."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @property
    def mailbox(self) -> tuple[str, str]:
        """The sender's name and address."""
        name, _, address = self.mail_from.rpartition("<")
        return name.strip(' "') or "Samtid", address.rstrip("> ")


def read_settings() -> Settings:
    """The settings. Raises BadSetting with the variable and what it takes."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadSetting(str(error.errors()[0]["loc"][0])) from None
    _check_together(settings)
    return settings


class _Language(BaseSettings):
    model_config = Settings.model_config
    language: str = Field("sv", pattern="^(sv|en)$", validation_alias="SAMTID_LANGUAGE")


def language_only() -> str:
    """The language, for a command that needs no other setting to be right. Raises BadSetting."""
    try:
        return _Language().language
    except ValidationError:
        raise BadSetting("SAMTID_LANGUAGE") from None


def _check_together(settings: Settings) -> None:
    if settings.slack_bot_token is None:
        if settings.slack_app_token or settings.slack_signing_secret:
            raise BadSetting("SLACK_BOT_TOKEN")
    elif not (settings.slack_app_token or settings.slack_signing_secret):
        raise BadSetting("SLACK_SIGNING_SECRET")
    if settings.sqlite_file is None and not settings.secret_keys:
        # Several instances share a PostgreSQL: each with a key of its own could not read the others' cases.
        raise BadSetting("SAMTID_SECRET_KEYS")


def secret_keys(settings: Settings) -> list[str]:
    """The Fernet keys, newest first; beside an embedded database a key file is made at the first start."""
    if settings.secret_keys:
        return [key.strip() for key in settings.secret_keys.split(",") if key.strip()]
    file = settings.sqlite_file
    if file is None:
        raise BadSetting("SAMTID_SECRET_KEYS")
    path = file.with_suffix(".key")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(Fernet.generate_key().decode() + "\n")
    return [path.read_text().strip()]
