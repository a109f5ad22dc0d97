"""Keys and ciphertexts. Each case has a data key; both it and the HMAC key are wrapped by the secret keys."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import TypeAdapter

from schedules.domain.cases import Protected
from schedules.domain.meeting_report import Result
from schedules.errors import SamtidError


class WrongKeys(SamtidError):
    """SAMTID_SECRET_KEYS does not hold the key that this database was written with."""


class MissingKeys(SamtidError):
    """SAMTID_SECRET_KEYS takes Fernet keys separated by commas, newest first; at least one is needed."""


class Wrapper:
    """Wraps keys with the newest secret key, unwraps with any of them."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys:
            raise MissingKeys
        try:
            self._fernet = MultiFernet([Fernet(key) for key in secret_keys])
        except ValueError:
            raise MissingKeys from None

    def new_key(self) -> tuple[bytes, str]:
        """A fresh key, and the same wrapped."""
        key = Fernet.generate_key()
        return key, self._fernet.encrypt(key).decode()

    def unwrap(self, wrapped: str) -> bytes:
        """The key itself. Raises WrongKeys."""
        try:
            return self._fernet.decrypt(wrapped)
        except InvalidToken:
            raise WrongKeys from None

    def rewrap(self, wrapped: str) -> str:
        """The same key wrapped by the newest secret key. Raises WrongKeys."""
        try:
            return self._fernet.rotate(wrapped).decode()
        except InvalidToken:
            raise WrongKeys from None


def encrypt(protected: Protected, data_key: bytes) -> str:
    """All protected fields as one ciphertext, so that not even their presence shows."""
    return Fernet(data_key).encrypt(_protected().dump_json(protected)).decode()


def decrypt(ciphertext: str, data_key: bytes) -> Protected:
    """The protected fields. Raises WrongKeys."""
    try:
        return _protected().validate_json(Fernet(data_key).decrypt(ciphertext))
    except InvalidToken:
        raise WrongKeys from None


def encrypt_result(result: Result, data_key: bytes) -> str:
    """What was reported of a case, as one ciphertext."""
    return Fernet(data_key).encrypt(_result().dump_json(result)).decode()


def decrypt_result(ciphertext: str, data_key: bytes) -> Result:
    """What was reported. Raises WrongKeys."""
    try:
        return _result().validate_json(Fernet(data_key).decrypt(ciphertext))
    except InvalidToken:
        raise WrongKeys from None


def own_reference_hmac(key: bytes, own_reference: str) -> str | None:
    """What the own reference is found by, whatever its case, spaces and hyphens; None if nothing is left."""
    plain = "".join(c for c in own_reference.casefold() if not c.isspace() and c not in "-‐‑–")
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() if plain else None


@cache
def _protected() -> TypeAdapter[Protected]:
    return TypeAdapter(Protected)


@cache
def _result() -> TypeAdapter[Result]:
    return TypeAdapter(Result)
