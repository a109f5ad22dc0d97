"""The import rule (DESIGN.md, "Layout"), and that importing the program builds nothing."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for room in ("bot", "schedules") for path in (ROOT / room).rglob("*.py"))
CORE = {"schedules.domain", "schedules.ports", "schedules.texts", "schedules.errors", "schedules.codec"}
OUTER = {"schedules.domain", "schedules.ports", "schedules.texts", "schedules.errors"}
# What each room may import of ours, besides itself.
MAY_IMPORT = {
    "schedules": set[str](),
    "schedules.errors": set[str](),
    "schedules.codec": set[str](),
    "schedules.domain": set[str](),
    "schedules.texts": {"schedules.domain", "schedules.errors"},
    "schedules.ports": {"schedules.domain", "schedules.errors"},
    "schedules.services": CORE,
    "schedules.store": OUTER | {"schedules.codec"},
    "schedules.delivery": OUTER | {"schedules.codec"},
    "schedules.reports": OUTER,
    "schedules.orgfile": {"schedules.domain", "schedules.ports", "schedules.errors"},
    "schedules.swedish": {"schedules.domain", "schedules.ports"},
}
# The benchmark hands its own environment on to the process that it measures.
READERS_OF_THE_ENVIRONMENT = {"bot.settings", "bot.bench.server"}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """`schedules.store` for `schedules.store.cases`; `bot` for all of the bot."""
    parts = module.split(".")
    return parts[0] if parts[0] == "bot" else ".".join(parts[:2])


def imported(source: str) -> set[str]:
    """Every module that the source imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found |= {f"{module}.{one.name}" for one in node.names} if module == "schedules" else {module}
    return found


def breaches(module: str, source: str) -> set[str]:
    """The imports of ours that the module's room may not have."""
    room, names = room_of(module), imported(source)
    if relative := {name for name in names if name.startswith(".")}:
        return relative
    ours = {name for name in names if name.split(".")[0] in {"bot", "schedules"}}
    if room == "bot":
        return set()
    return {name for name in ours if room_of(name) not in MAY_IMPORT[room] | {room}}


def foreign(source: str) -> set[str]:
    """What is neither of the standard library nor ours."""
    tops = {name.split(".")[0] for name in imported(source)}
    return tops - set(sys.stdlib_module_names) - {"schedules"}


def environment_readers(source: str) -> set[str]:
    """The names by which the source reaches for the environment."""
    wanted = {"environ", "environb", "getenv", "BaseSettings", "load_dotenv"}
    nodes = list(ast.walk(ast.parse(source)))
    names = {
        *(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        *(node.id for node in nodes if isinstance(node, ast.Name)),
        *(one.name for node in nodes if isinstance(node, ast.ImportFrom) for one in node.names),
    }
    return names & wanted


def test_a_room_imports_only_what_it_may() -> None:
    found = {module_of(path): breaches(module_of(path), path.read_text(encoding="utf-8")) for path in FILES}
    assert {module: names for module, names in found.items() if names} == {}


def test_only_the_settings_read_the_environment() -> None:
    readers = {module_of(path) for path in FILES if environment_readers(path.read_text(encoding="utf-8"))}
    assert readers == READERS_OF_THE_ENVIRONMENT


def test_the_domain_needs_the_standard_library_only() -> None:
    domain = sorted((ROOT / "schedules" / "domain").rglob("*.py"))
    found = {module_of(path): foreign(path.read_text(encoding="utf-8")) for path in domain}
    assert {module: names for module, names in found.items() if names} == {}


def test_what_everybody_imports_needs_no_library() -> None:
    everybody = [ROOT / "schedules" / "errors.py", *(ROOT / "schedules" / "ports").glob("*.py")]
    assert [path for path in everybody if foreign(path.read_text(encoding="utf-8"))] == []


def test_every_room_has_a_rule() -> None:
    assert {room_of(module_of(path)) for path in FILES} == {"bot", *MAY_IMPORT}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("schedules.services.x", "from bot.settings import Settings"),
        ("schedules.services.x", "from schedules.store.database import Database"),
        ("schedules.store.x", "def f():\n    from schedules.services import office"),
        ("schedules.delivery.x", "from schedules import store"),
        ("schedules.domain.x", "import schedules.ports"),
        ("schedules.swedish.x", "from schedules.texts.words import say"),
        ("schedules.codec", "from schedules.domain.plan import Slot"),
        ("schedules.domain.x", "from .plan import Slot"),
    ],
)
def test_the_check_sees_a_breach(module: str, source: str) -> None:
    assert breaches(module, source)


@pytest.mark.parametrize(
    "source", ["import os\nos.environ['X']", "from os import getenv", "import os as o\no.getenv('X')"]
)
def test_the_check_sees_a_reader_of_the_environment(source: str) -> None:
    assert environment_readers(source)


BUILDS_NOTHING = """
import sys, threading
seen = []
def watch(event, args):
    opened = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    made = event == "open" and isinstance(args[2], int) and args[2] & 0o103  # O_WRONLY, O_RDWR, O_CREAT
    if opened or made or event in {"socket.__new__", "socket.connect", "socket.bind", "sqlite3.connect"}:
        seen.append((event, str(args)[:200]))
    changes = {"os.mkdir", "os.remove", "os.rename", "subprocess.Popen", "os.fork"}
    if event in {*changes, "_thread.start_new_thread"}:
        seen.append((event, str(args)[:200]))
sys.dont_write_bytecode = True
sys.addaudithook(watch)
import importlib
for name in sys.argv[1:]:
    importlib.import_module(name)
print(threading.active_count(), [one for one in seen if "'/dev/null'" not in one[1]])
"""


def test_importing_the_program_builds_nothing(tmp_path: Path) -> None:
    """No thread, no file, no socket, no process: an audit hook of Python itself watches (PEP 578)."""
    modules = [m for m in map(module_of, FILES) if "migrations" not in m and m != "bot.__main__"]
    done = subprocess.run(
        [sys.executable, "-c", BUILDS_NOTHING, *modules],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "1 []"
    assert list(tmp_path.iterdir()) == []
