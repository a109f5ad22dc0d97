"""What is committed names no package registry and no machine, and every locked package has its hashes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# In pieces, so that this file does not hold what it looks for.
REGISTRIES = (
    "pypi" + r"\.org",
    "pythonhosted" + r"\.org",
    "registry" + r"\.npmjs",
    "npmjs" + r"\.(?:com|org)/",
    "registry" + r"\.yarnpkg",
    "files" + r"\.pythonhosted",
    "artifact" + "ory",
    "crates" + r"\.io/api",
    "deb" + r"\.debian\.org",
)
MACHINE = (
    r"(?<!\w)/" + r"home/\w+/",
    "/" + "Users" + r"/\w",
    "/" + "root" + "/",
    "/" + "work" + r"/(?:main|wt|shared|brief)",
    r"[A-Z]:\\" + "Users",
)
FOUND = re.compile("|".join((*REGISTRIES, *MACHINE)))
BINARY = {".png", ".ico", ".woff2"}
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def lines_with_addresses(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [
        f"{path.relative_to(ROOT)}: {line.strip()[:100]}" for line in text.splitlines() if FOUND.search(line)
    ]


def test_no_registry_and_no_machine() -> None:
    files = [path for path in committed() if path.suffix not in BINARY and path.is_file()]
    assert len(files) > 100
    assert [line for path in files for line in lines_with_addresses(path)] == []


@pytest.mark.parametrize("text", ["https://" + "pypi" + ".org/simple", "see /" + "home/anna/samtid"])
def test_the_patterns_find_what_they_look_for(text: str) -> None:
    assert FOUND.search(text)


def test_there_are_two_locks() -> None:
    assert [path.name for path in LOCKS] == ["requirements-dev.lock", "requirements.lock"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_its_version_and_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(packages) > 30
    for package in packages:
        assert re.match(r"[a-z0-9._-]+(?:\[[a-z0-9,_-]+\])?==\S+", package), package
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", package), package


def test_locks_that_name_a_registry_are_ignored() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"uv.lock", "pylock.toml", "var/", ".venv"} <= set(ignored)
