"""Programs that some tests need: where they are, or a clear reason to skip."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

_NODE_MODULES = Path(__file__).parents[1] / "js" / "node_modules"


def _missing(what: str) -> None:
    if os.environ.get("SAMTID_TESTS_NO_SKIP"):
        pytest.fail(f"{what} is missing, and SAMTID_TESTS_NO_SKIP is set")
    pytest.skip(f"{what} is missing")


def require_chromium() -> str:
    """Give the path of Chromium; skip (or fail, see SAMTID_TESTS_NO_SKIP) without it."""
    for found in ("/usr/bin/chromium", shutil.which("chromium"), shutil.which("chromium-browser")):
        if found and Path(found).exists():
            return found
    _missing("Chromium")
    raise AssertionError


def require_node_module(name: str) -> Path:
    """Give the folder of an installed Node module; skip (or fail) without it."""
    folder = _NODE_MODULES / name
    if not folder.is_dir():
        _missing(f"the Node module {name} (npm ci in tests/js)")
    return folder
