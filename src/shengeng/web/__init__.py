"""The HTTP door: the application, its edge (headers, limits, log), errors, health and jobs."""

from shengeng.web.application import Character, create_app, openapi_json
from shengeng.web.logs import configure_logs

__all__ = ["Character", "configure_logs", "create_app", "openapi_json"]
