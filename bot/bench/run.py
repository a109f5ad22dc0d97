"""The benchmark's entry."""

from __future__ import annotations


def bench(*, as_json: bool) -> None:
    """Measure and print."""
    del as_json
