"""Structured logs on standard error: lines for people or one JSON object a line."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

from shengeng.kernel.settings import Settings

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)


def configure_logs(settings: Settings) -> None:
    """Sends our own and every library's log through one formatter; the composition root calls it once."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(settings.log_format))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    events_to_logging()
    # Our access log says more; the server's would say it twice.
    logging.getLogger("uvicorn.access").disabled = True
    if settings.log_level != "debug":  # three lines for each job, of which some come every two seconds
        logging.getLogger("procrastinate").setLevel(max(level, logging.WARNING))


def events_to_logging() -> None:
    """Sends our events the way of every library's log lines, whoever handles those."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def formatter(log_format: str) -> logging.Formatter:
    """The formatter of SHENGENG_LOG_FORMAT: text or json."""
    final: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if log_format == "json":
        final += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        # The default writes the local variables of every frame: passwords and cookies among them.
        plain = structlog.dev.plain_traceback
        final += [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    return structlog.stdlib.ProcessorFormatter(processors=final, foreign_pre_chain=_SHARED)
