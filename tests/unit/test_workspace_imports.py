"""The stand-in shares no code and no constant with the bot."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bot.workspace

_FOLDER = Path(bot.workspace.__file__).parent
_FILES = sorted(_FOLDER.rglob("*.py"))


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "absolute imports only"
            names |= {node.module or ""} | {f"{node.module}.{one.name}" for one in node.names}
    return names


def forbidden(source: str) -> set[str]:
    """Our own modules outside the workspace, and the SDK, whose models would share their blind spots."""
    ours = {name for name in imported(source) if name.split(".")[0] in {"bot", "schedules"}}
    outside = {name for name in ours if not (name + ".").startswith("bot.workspace.")}
    sdk = {name for name in imported(source) if name.startswith(("slack_sdk", "slack_bolt"))}
    return outside | sdk


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_imports_nothing_of_the_bot(path: Path) -> None:
    assert forbidden(path.read_text(encoding="utf-8")) - {"bot"} == set()


@pytest.mark.parametrize("line", ["import bot.settings", "from schedules import domain", "import slack_sdk"])
def test_the_check_itself_sees_a_breach(line: str) -> None:
    assert forbidden(line)
