"""`samtid org`, `migrate` and `doctor`, each as a process of its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.organisation import EXAMPLE
from schedules.store.database import Database
from tests.support.samtid_process import samtid

TEXT = EXAMPLE.read_text(encoding="utf-8")


def written(folder: Path, old: str, new: str) -> Path:
    """The example with one place changed."""
    assert TEXT.count(old) == 1
    file = folder / "organisation.yaml"
    file.write_text(TEXT.replace(old, new), encoding="utf-8")
    return file


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "samtid.db") as connection:
        return connection.execute(query).fetchall()


def marked(printed: str, *marks: str) -> list[str]:
    """The lines of a difference with one of these marks."""
    return [line.strip() for line in printed.splitlines() if line.strip()[:1] in marks and line.strip()]


def test_help_needs_nothing_of_the_program(tmp_path: Path) -> None:
    done = samtid("--help", folder=tmp_path)
    assert done.returncode == 0
    for command in ("run", "org", "migrate", "doctor", "bench"):
        assert command in done.stdout


def test_the_survey_file_is_checked_and_applied(tmp_path: Path) -> None:
    climate = EXAMPLE.parent / "climate.yaml"
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(climate.read_text(encoding="utf-8").replace("month: 9", "month: 19"), encoding="utf-8")
    told = samtid("survey", "apply", str(wrong), folder=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith(f"{wrong}:11: ")
    assert not (tmp_path / "samtid.db").exists()
    done = samtid("survey", "apply", str(climate), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "15/9" in done.stdout
    assert "follow_through" in str(rows(tmp_path, "SELECT value FROM setting WHERE key = 'survey.file'"))


def test_check_of_a_good_file_changes_nothing(tmp_path: Path) -> None:
    done = samtid("org", "check", str(EXAMPLE), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 teams" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "apply"])
def test_each_problem_is_a_line_with_its_place_and_nothing_changes(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    file = written(tmp_path, "channel: C0002", "channel: '#osthammar'")
    file.write_text(file.read_text(encoding="utf-8").replace("coordinator: helena", "coordinator: hellena"))
    done = samtid("org", command, str(file), folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    problems = done.stderr.splitlines()
    text = file.read_text(encoding="utf-8").splitlines()
    assert len(problems) == 2
    for problem, wrong in zip(problems, ("hellena", "#osthammar"), strict=True):
        name, line, what = problem.split(":", 2)
        assert name == str(file)
        assert wrong in text[int(line) - 1]
        assert what.strip()
    assert list(folder.iterdir()) == []


def test_a_file_that_is_not_there_or_not_text_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "latin.yaml"
    broken.write_bytes("association: Förbundet".encode("latin-1"))
    for file in (tmp_path / "missing.yaml", broken):
        done = samtid("org", "check", str(file), folder=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"{file}: ")
        assert done.stderr.count("\n") == 1


def test_apply_shows_the_difference_and_the_second_one_changes_nothing(tmp_path: Path) -> None:
    first = samtid("org", "apply", str(EXAMPLE), folder=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert any("team tierp" in line for line in marked(first.stdout, "+"))
    assert rows(tmp_path, "SELECT id FROM team ORDER BY id") == [("osthammar",), ("tierp",)]
    held = rows(tmp_path, "SELECT count(*) FROM meeting")
    again = samtid("org", "apply", str(EXAMPLE), folder=tmp_path)
    assert again.returncode == 0
    assert marked(again.stdout, "+", "-", "~", "!") == []
    assert rows(tmp_path, "SELECT count(*) FROM meeting") == held
    changed = samtid(
        "org",
        "apply",
        str(written(tmp_path, "place: Kommunhuset Östhammar, rum Gräsö", "place: Rum 2")),
        folder=tmp_path,
    )
    assert any("Rum 2" in line for line in marked(changed.stdout, "~"))
    assert rows(tmp_path, "SELECT place FROM team WHERE id = 'osthammar'") == [("Rum 2",)]


def test_what_was_changed_in_the_program_is_listed_and_kept(tmp_path: Path) -> None:
    samtid("org", "apply", str(EXAMPLE), folder=tmp_path)
    key = (tmp_path / "samtid.key").read_text().strip()
    database = Database(f"sqlite:///{tmp_path}/samtid.db", [key])
    database.migrate()
    with database.unit_of_work() as unit:
        found = unit.organisation.load()
        assert found is not None
    database.close()
    with sqlite3.connect(tmp_path / "samtid.db") as connection:
        connection.execute("UPDATE team SET place = 'Rum 1', revision = 'new' WHERE id = 'osthammar'")
    file = written(tmp_path, "place: Kommunhuset Östhammar, rum Gräsö", "place: Rum 2")
    done = samtid("org", "apply", str(file), folder=tmp_path)
    listed = marked(done.stdout, "!")
    assert len(listed) == 1
    assert "Rum 1" in listed[0]
    assert "Rum 2" in listed[0]
    assert rows(tmp_path, "SELECT place FROM team WHERE id = 'osthammar'") == [("Rum 1",)]


def test_migrate_and_doctor(tmp_path: Path) -> None:
    before = samtid("doctor", folder=tmp_path)
    assert before.returncode == 1
    assert "samtid migrate" in before.stdout
    migrated = samtid("migrate", folder=tmp_path)
    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert rows(tmp_path, "SELECT count(*) FROM team") == [(0,)]
    empty = samtid("doctor", folder=tmp_path)
    assert empty.returncode == 1
    assert "0 teams" in empty.stdout
    samtid("org", "apply", str(EXAMPLE), folder=tmp_path)
    healthy = samtid("doctor", folder=tmp_path)
    assert (healthy.returncode, healthy.stderr) == (0, "")
    assert "2 teams" in healthy.stdout


def test_another_database_key_is_refused_in_one_line(tmp_path: Path) -> None:
    samtid("migrate", folder=tmp_path)
    (tmp_path / "samtid.key").unlink()
    done = samtid("doctor", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("SAMTID_SECRET_KEYS")
    assert done.stderr.count("\n") == 1
