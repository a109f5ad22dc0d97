"""Frozen dataclasses to JSON and back, by their annotations."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def encode(value: object) -> str:
    """The value as JSON."""
    return _adapter(cast("Any", type(value))).dump_json(value).decode()


def decode(kind: type[T], text: str | bytes) -> T:
    """The value that `encode` wrote. Raises pydantic.ValidationError for anything else."""
    return cast("T", _adapter(cast("Any", kind)).validate_json(text))
