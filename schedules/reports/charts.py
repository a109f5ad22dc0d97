"""Charts as PNG: on a light card of their own, so that they read the same in both colour themes.

Women and men differ in lightness and pattern as well as in colour (Okabe and Ito's palette), and every bar
has its number, so that no colour is needed to read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from textwrap import fill
from typing import TYPE_CHECKING, Any

from schedules.domain.figures.page import Published
from schedules.domain.figures.report import Line
from schedules.texts.report_tables import COUNTED, label, title
from schedules.texts.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CARD, INK = "#FFFFFF", "#1F2933"
DARK_BLUE, ORANGE, LIGHT_BLUE = "#0B4F7D", "#F0B04A", "#8EC1E8"
_INCHES = 8.0
_DOTS = 160
_LONGEST = 42
_BAR: dict[str, Any] = {"color": LIGHT_BLUE, "edgecolor": INK, "linewidth": 0.6, "height": 0.6}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its file name (no suffix) and its title, which is also what a screen reader says."""

    name: str
    title: str
    png: bytes


def charts(published: Published, words: Words) -> tuple[Chart, ...]:
    """The report's charts; those that have nothing to show are left out."""
    drawn = (
        _by_gender(published, words, "persons"),
        _by_party(published, words),
        _attendance(published, words),
        _by_gender(published, words, "follow_up"),
    )
    return tuple(chart for chart in drawn if chart is not None)


def _by_gender(published: Published, words: Words, key: str) -> Chart | None:
    """Women and men side by side for each row of a section."""
    lines = [line for name in COUNTED[key] for line in published.report.table(name) if not _nobody(line)]
    if not lines:
        return None
    figure, axes = _card(published, words, f"report.section.{key}", 0.62 * len(lines) + 1.6)
    rows = range(len(lines))
    for shift, who, colour, hatch in ((-0.2, "women", DARK_BLUE, ""), (0.2, "men", ORANGE, "//")):
        counts = [line.count(who) for line in lines]
        axes.barh(
            [row + shift for row in rows],
            [count or 0 for count in counts],
            height=0.36,
            color=colour,
            edgecolor=INK,
            hatch=hatch,
            linewidth=0.6,
            label=words(f"report.column.{who}"),
        )
        for row, count in zip(rows, counts, strict=True):
            _number(axes, count, row + shift, words)
    _rows(axes, [label(line.row, published, words) for line in lines])
    _legend(axes)
    return _chart(figure, key, words(f"report.section.{key}"))


def _nobody(line: Line) -> bool:
    return line.women == line.men == line.total == 0


def _by_party(published: Published, words: Words) -> Chart | None:
    """How many cases each party raised; a suppressed one has the word in place of a bar."""
    lines = published.report.table("raised_by")
    if all(map(_nobody, lines)):
        return None
    figure, axes = _card(published, words, "report.section.raised_by", 0.45 * len(lines) + 1.3)
    axes.barh(range(len(lines)), [line.total or 0 for line in lines], **_BAR)
    for row, line in enumerate(lines):
        _number(axes, line.total, row, words)
    _rows(axes, [label(line.row, published, words) for line in lines])
    return _chart(figure, "raised_by", words("report.section.raised_by"))


def _attendance(published: Published, words: Words) -> Chart | None:
    """Percent of the meetings each party was called to, with the goal as a line."""
    parties = [one for one in published.report.parties if one.called]
    if not parties:
        return None
    goal = published.report.goals.attendance_percent
    figure, axes = _card(published, words, "report.section.attendance", 0.45 * len(parties) + 1.6)
    axes.barh(range(len(parties)), [one.attendance or 0 for one in parties], **_BAR)
    for row, one in enumerate(parties):
        axes.text(
            (one.attendance or 0) + 1,
            row,
            f"{one.attendance} % ({one.came}/{one.called})",
            va="center",
            color=INK,
        )
    if goal is not None:
        axes.axvline(
            goal, color=INK, linestyle="--", linewidth=2, label=f"{words('report.column.goal')} {goal} %"
        )
        _legend(axes)
    axes.set_xlim(0, 130)
    _rows(axes, [published.names.get(one.party, one.party) for one in parties])
    return _chart(figure, "attendance", words("report.section.attendance"))


def _card(published: Published, words: Words, heading: str, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure  # noqa: PLC0415  1.2 s that only a report with charts takes
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415  the same

    layout = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15)
    figure = Figure(figsize=(_INCHES, height + 0.7), facecolor=CARD, layout=layout)
    axes = figure.add_subplot(facecolor=CARD)
    head = f"{words(heading)}\n"
    figure.suptitle(head, x=0.02, ha="left", color=INK, fontsize=14, fontweight="bold")
    figure.text(0.02, 1 - 0.55 / (height + 0.7), title(published, words), color=INK, fontsize=10)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(INK)
    axes.tick_params(bottom=False, labelbottom=False, left=False, colors=INK, labelsize=10)
    return figure, axes


def _number(axes: Axes, count: int | None, row: float, words: Words) -> None:
    """The bar's number beside it, or that it is suppressed."""
    said = words("report.hidden") if count is None else str(count)
    axes.annotate(
        said,
        (count or 0, row),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        color=INK,
        fontsize=10,
        fontstyle="italic" if count is None else "normal",
    )


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), [fill(one, _LONGEST) for one in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.margins(x=0.12)


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=2, frameon=False, labelcolor=INK, fontsize=10
    )


def _chart(figure: Figure, name: str, said: str) -> Chart:
    out = BytesIO()
    figure.savefig(out, format="png", dpi=_DOTS, facecolor=CARD, metadata={"Software": None})
    return Chart(name, said, out.getvalue())
