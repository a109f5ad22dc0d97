"""The command `samtid`. What a command needs is imported when it runs, so that `--help` is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.report_formats import ReportFormat
from schedules.errors import SamtidError

USAGE = 2
File = Annotated[Path, typer.Argument(help="The file (YAML).", show_default=False)]

Case = Annotated[str, typer.Argument(help="The running reference, as TIE-2026-014.", show_default=False)]

app = typer.Typer(
    name="samtid",
    help="Samtid books coordination meetings for rehabilitation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
org = typer.Typer(help="Check or apply an organisation file.", no_args_is_help=True)
app.add_typer(org, name="org")
survey = typer.Typer(help="Check or apply the file of the yearly climate survey.", no_args_is_help=True)
app.add_typer(survey, name="survey")


def main() -> None:
    """Run the command; what is wrong is told on standard error in one line, exit 2."""
    try:
        app()
    except SamtidError as error:
        print(error, file=sys.stderr)
        raise SystemExit(USAGE) from None


@app.command()
def run() -> None:
    """Serve: the local workspace, or Slack when its tokens are in the environment."""
    from bot.serve import serve

    serve()


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from bot.commands import migrate_database

    migrate_database()


@org.command()
def check(file: File) -> None:
    """Validate a file: every problem with its line, exit 2."""
    from bot.commands import check_file

    check_file(file)


@org.command()
def apply(file: File) -> None:
    """Print what would change, then apply it. Nothing is written if the file has problems."""
    from bot.commands import apply_file

    apply_file(file)


@survey.command("check")
def check_survey(file: File) -> None:
    """Validate a file: every problem with its line, exit 2."""
    from bot.survey_command import check

    check(file)


@survey.command("apply")
def apply_survey(file: File) -> None:
    """Ask these questions each year from now on. Nothing is written if the file has problems."""
    from bot.survey_command import apply

    apply(file)


@app.command()
def doctor() -> None:
    """Say what is set up, what is missing, and what could not be delivered."""
    from bot.doctor import examine

    raise SystemExit(examine())


@app.command()
def report(
    since: Annotated[str, typer.Option("--from", help="The first month, YYYY-MM.", show_default=False)],
    until: Annotated[str, typer.Option("--to", help="The last month, YYYY-MM.", show_default=False)],
    *,
    team: Annotated[str | None, typer.Option(help="One team, by its id.")] = None,
    municipality: Annotated[str | None, typer.Option(help="A municipality's teams.")] = None,
    association: Annotated[bool, typer.Option("--association", help="All teams (the default).")] = False,
    form: Annotated[ReportFormat, typer.Option("--format", help="What to write.")] = ReportFormat.TEXT,
    out: Annotated[Path | None, typer.Option(help="The file, or for png the folder, to write.")] = None,
) -> None:
    """The figures of whole months that are over; groups under five are not shown."""
    from bot.report_command import Asked
    from bot.report_command import report as make

    make(Asked(since, until, team, municipality, association), form, out)


@app.command()
def erase(
    case: Annotated[str, typer.Argument(help="The case, as TIE-2026-014.", show_default=False)],
    decision: Annotated[
        str, typer.Option(help="The number of the decision in the organisation file.", show_default=False)
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase all that is held on a case, for good; shows first what goes."""
    from bot.erase_command import erase as carry_out

    carry_out(case, decision, yes=yes)


@app.command()
def audit(
    case: Case,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Who saw or did what with a case, in order of time. That you asked is on record as well."""
    from bot.record_command import audit as show

    show(case, as_json=as_json)


@app.command()
def export(
    case: Case,
    *,
    out: Annotated[Path | None, typer.Option(help="A new file to write: HTML, or JSON.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead.")] = False,
) -> None:
    """All that is held on a case, for the person who asks for it. That it was taken out is on record."""
    from bot.record_command import export as take_out

    take_out(case, out, as_json=as_json)


@app.command()
def bench(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="One measure, by its name; may be repeated.")] = None,
    postgresql: Annotated[
        bool,
        typer.Option(
            "--postgresql", help="On PostgreSQL too: beside SAMTID_DATABASE_URL, or a server of its own."
        ),
    ] = False,
) -> None:
    """Measure on this machine, each figure beside its goal; docs/performance.md says what and how."""
    from bot.bench.run import bench as measure

    measure(json=as_json, only=only or (), on_postgresql=postgresql)
