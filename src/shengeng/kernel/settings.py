"""Every setting of the installation, in one place; docs/settings.md lists them and a test compares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from shengeng.kernel.errors import Refusal

BAD_SETTING = Refusal(
    "bad_setting",
    "invalid",
    en="{name}={value} is not valid: {limit}. Correct or unset it and start again.",
    zh="{name}={value} 无效：{limit}。请改正或取消该设置后重新启动。",
)


def _setting(default: Any, about: str) -> Any:
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True)
class Settings:
    """Read once by the composition root from the environment, as SHENGENG_<NAME>."""

    home: Path = _setting(
        Path("~/.shengeng"), "Folder of everything the embedded default writes; two shops are two homes."
    )
    database_url: str = _setting(
        "", "postgresql://… of your own server; empty starts the embedded one in SHENGENG_HOME."
    )
    host: str = _setting("127.0.0.1", "Address that `shengeng serve` listens on.")
    port: int = _setting(8600, "Port that `shengeng serve` listens on (1 to 65535).")
    log_level: str = _setting("info", "debug, info, warning or error.")
    log_format: str = _setting("text", "text for people, json for machines (one object a line).")
    memory_limit: str = _setting("1GB", "Memory that one analytical engine may use before it spills to disk.")
    threads: int = _setting(2, "Threads of the analytical engine (1 to 64).")
    session_hours: int = _setting(12, "Hours until a console session ends by itself (1 to 720).")
    worker: bool = _setting(True, "Run the background worker inside `shengeng serve` (1 or 0).")
    cycle_hour: int = _setting(
        5, "Hour of the shop's local time from which the day's cycle runs by itself (0 to 23)."
    )
    storefront: bool = _setting(True, "Run the storefront beside `shengeng serve` (1 or 0).")
    shop_port: int = _setting(0, "Port that the storefront listens on; 0: the one after SHENGENG_PORT.")
    shop_url: str = _setting(
        "",
        "Address under which shoppers reach the storefront, such as https://shop.example; empty: this one.",
    )
    sandbox: bool = _setting(
        True, "Run the payment sandbox beside `shengeng serve` while no real way to pay is on (1 or 0)."
    )
    sandbox_port: int = _setting(0, "Port that the sandbox listens on; 0: the second after SHENGENG_PORT.")
    https: bool = _setting(False, "Set when a proxy serves us over HTTPS: cookies get Secure (1 or 0).")

    @property
    def storefront_port(self) -> int:
        """Where the storefront listens: a port of its own, so never the console's origin."""
        return self.shop_port or self.port + 1

    @property
    def paying_port(self) -> int:
        """Where the payment sandbox listens."""
        return self.sandbox_port or self.port + 2

    @property
    def storefront_url(self) -> str:
        """The storefront's address without a slash at its end, for links that leave the page."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.shop_url or f"http://{host}:{self.storefront_port}"


NAMES = tuple(f.name for f in fields(Settings))
_CHOICES = {"log_level": ("debug", "info", "warning", "error"), "log_format": ("text", "json")}
_RANGES = {
    "port": (1, 65535),
    "shop_port": (0, 65535),
    "sandbox_port": (0, 65535),
    "threads": (1, 64),
    "session_hours": (1, 720),
    "cycle_hour": (0, 23),
}
_SWITCHES = ("worker", "storefront", "sandbox", "https")
_URL = re.compile(r"(https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?)?")
_MEMORY = re.compile(r"[1-9][0-9]*(MB|GB)")


def read_settings(env: Mapping[str, str]) -> Settings:
    """Settings from an environment; a wrong value is refused by its name, value and limit."""
    given = {name: _parse(name, env[key]) for name in NAMES if (key := f"SHENGENG_{name.upper()}") in env}
    settings = replace(Settings(), **given)
    return replace(settings, home=settings.home.expanduser().absolute())


def _parse(name: str, value: str) -> Any:
    if name in _RANGES:
        low, high = _RANGES[name]
        _check(
            name,
            value,
            value.isdigit() and low <= int(value) <= high,
            f"use a whole number from {low} to {high}",
        )
        return int(value)
    if name in _SWITCHES:
        _check(name, value, value in ("0", "1"), "use 1 or 0")
        return value == "1"
    if name in _CHOICES:
        _check(name, value, value in _CHOICES[name], "use " + ", ".join(_CHOICES[name]))
    if name == "memory_limit":
        _check(name, value, bool(_MEMORY.fullmatch(value)), "use a size such as 512MB or 4GB")
    if name == "shop_url":
        _check(name, value, bool(_URL.fullmatch(value)), "use an address such as https://shop.example")
    if name == "home":
        _check(name, value, bool(value), "name a folder")
        return Path(value)
    return value


def _check(name: str, value: str, good: bool, limit: str) -> None:
    if not good:
        raise BAD_SETTING.error(name=f"SHENGENG_{name.upper()}", value=value, limit=limit)
