"""Charts as PNG: on a light card of their own, so that they read the same in both colour themes.

Women and men differ in lightness and pattern as well as in colour (Okabe and Ito's palette), and every bar
has its number, so that no colour is needed to read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from textwrap import fill
from typing import TYPE_CHECKING, Any

from schedules.domain.chart import Bars, Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CARD, INK = "#FFFFFF", "#1F2933"
DARK_BLUE, ORANGE, LIGHT_BLUE = "#0B4F7D", "#F0B04A", "#8EC1E8"
_INCHES = 8.0
_DOTS = 160
_LONGEST = 42
_REMEMBERED = 32  # several people are sent the same report, and some attempts are not the last
_ALONE: dict[str, Any] = {"color": LIGHT_BLUE}
_BESIDE: tuple[dict[str, Any], ...] = ({"color": DARK_BLUE}, {"color": ORANGE, "hatch": "//"})
_ROOM = 1.3
"""How much longer than the longest possible bar a row is: the number stands beside it."""


@lru_cache(_REMEMBERED)
def png(chart: Chart) -> bytes:
    """The chart's picture, 1,280 pixels wide; the same chart gives the same bytes."""
    figure, axes = _card(chart)
    beside = len(chart.bars) > 1
    for at, (bars, style) in enumerate(zip(chart.bars, _BESIDE if beside else (_ALONE,), strict=True)):
        _draw(axes, bars, style, (at - 0.5) * 0.4 if beside else 0.0, 0.36 if beside else 0.6)
    if chart.goal is not None:
        axes.axvline(chart.goal.value, color=INK, linestyle="--", linewidth=2, label=chart.goal.label)
    _rows(axes, chart.rows)
    if chart.most is not None:
        axes.set_xlim(0, chart.most * _ROOM)
    if beside or chart.goal is not None:
        _legend(axes)
    out = BytesIO()
    figure.savefig(out, format="png", dpi=_DOTS, facecolor=CARD, metadata={"Software": None})
    return out.getvalue()


def _card(chart: Chart) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure  # noqa: PLC0415  1.2 s that only a report with charts takes
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415  the same

    a_row = 0.62 if len(chart.bars) > 1 else 0.45
    height = a_row * len(chart.rows) + 2.3
    layout = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15)
    figure = Figure(figsize=(_INCHES, height), facecolor=CARD, layout=layout)
    axes = figure.add_subplot(facecolor=CARD)
    figure.suptitle(f"{chart.title}\n", x=0.02, ha="left", color=INK, fontsize=14, fontweight="bold")
    figure.text(0.02, 1 - 0.55 / height, chart.subtitle, color=INK, fontsize=10)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(INK)
    axes.tick_params(bottom=False, labelbottom=False, left=False, colors=INK, labelsize=10)
    return figure, axes


def _draw(axes: Axes, bars: Bars, style: dict[str, Any], shift: float, height: float) -> None:
    rows = [at + shift for at in range(len(bars.values))]
    lengths = [value or 0 for value in bars.values]
    axes.barh(rows, lengths, height=height, edgecolor=INK, linewidth=0.6, label=bars.label or None, **style)
    for row, value, said in zip(rows, bars.values, bars.said, strict=True):
        _number(axes, value, row, said)


def _number(axes: Axes, value: int | None, row: float, said: str) -> None:
    """The bar's number beside it, or that it is suppressed."""
    axes.annotate(
        said,
        (value or 0, row),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        color=INK,
        fontsize=10,
        fontstyle="italic" if value is None else "normal",
        bbox={"facecolor": CARD, "edgecolor": "none", "pad": 0.8},  # a goal's line may pass here
    )


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), [fill(one, _LONGEST) for one in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.margins(x=0.12)


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=2, frameon=False, labelcolor=INK, fontsize=10
    )
