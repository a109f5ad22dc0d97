"""Logging: times, names and ids; never a body, a view or a parameter (promise 5)."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logging() -> None:
    """Send everything through structlog; the Slack SDK and Bolt stay at INFO or above."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_trace_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_no_locals),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # At DEBUG the SDK writes whole views and messages; nothing may turn that on.
    # Uvicorn tells at INFO what `samtid run` says in one line of its own.
    for name in ("slack_sdk", "slack_bolt", "httpx", "httpcore", "alembic", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns when a tick takes more than its second; the next one takes over what is left.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _without_trace_values(
    _logger: structlog.typing.WrappedLogger, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An exception's text may quote what a user typed: its type and place are logged, not its words."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        event["error"] = info[0].__name__
        event["place"] = place_of(info[2])
    return event


def place_of(trace: object) -> str:
    """The innermost place of a traceback: function and line."""
    import traceback  # noqa: PLC0415  only when something is wrong
    from types import TracebackType  # noqa: PLC0415  the same

    if not isinstance(trace, TracebackType):
        return "unknown"
    last = traceback.extract_tb(trace)[-1]
    return f"{last.name}:{last.lineno}"


def log_fault(error: Exception) -> None:
    """Log a listener's fault. Bolt's own words hold the error's text, which may quote what a user typed."""
    place = place_of(error.__traceback__)
    structlog.get_logger(__name__).error("listener_broke", error=type(error).__name__, place=place)


def _no_locals(_sio: object, _info: object) -> None:
    """Print no traceback: it was turned into type and place already."""
