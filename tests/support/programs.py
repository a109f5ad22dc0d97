"""Programs that some tests need: where they are, or a clear reason to skip; or to fail in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

JS = Path(__file__).parent.parent / "js"


def require_chromium() -> str:
    """The path of Chromium; without it the test is skipped."""
    for found in ("/usr/bin/chromium", shutil.which("chromium"), shutil.which("chromium-browser")):
        if found and Path(found).exists():
            return found
    _missing("Chromium is missing")
    raise AssertionError


def require_program(name: str) -> str:
    """The path of a program, also where only root looks for it; without it the test is skipped."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/local/sbin")
    if found is None:
        _missing(f"{name} is missing")
        raise AssertionError
    return found


def require_node_module(name: str) -> Path:
    """The folder of an npm module of tests/js, with Node.js there to run it; else the test is skipped."""
    module = JS / "node_modules" / name
    if shutil.which("node") is None:
        _missing("Node.js is missing")
    if not module.is_dir():
        _missing(f"the npm module {name} is missing: run npm ci in tests/js")
    return module


def _missing(reason: str) -> None:
    """Skip with the reason; under SAMTID_TESTS_NO_SKIP fail with it."""
    if os.environ.get("SAMTID_TESTS_NO_SKIP"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
