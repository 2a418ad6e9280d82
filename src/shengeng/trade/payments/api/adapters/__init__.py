"""Adapters of the provider port, and which settings each of them needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shengeng.trade.payments.api.adapters.alipay import Alipay
from shengeng.trade.payments.api.adapters.sandbox import Sandbox
from shengeng.trade.payments.api.adapters.wechat import WechatPay
from shengeng.trade.payments.contracts import Provider, Send

Settings = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """An adapter and its settings: needed ones, optional ones, and which of them are paths of files."""

    make: Callable[[Settings, Send], Provider]
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    currency: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def missing(self, given: Settings) -> tuple[str, ...]:
        """Needed settings that are not given, and files that cannot be read."""
        absent = [name for name in self.needed if not given.get(name)]
        return (*absent, *(name for name in self.files if given.get(name) and not _readable(given[name])))


KINDS: dict[str, Kind] = {
    "wechat_v3": Kind(
        WechatPay,
        (
            "appid",
            "mchid",
            "serial_no",
            "platform_serial",
            "notify_url",
            "private_key_file",
            "platform_key_file",
            "apiv3_key_file",
        ),
        ("base_url", "h5"),
        choices={"h5": ("off", "on")},
        files=("private_key_file", "platform_key_file", "apiv3_key_file"),
        currency="CNY",
    ),
    "alipay": Kind(
        Alipay,
        ("app_id", "notify_url", "private_key_file", "alipay_key_file"),
        ("gateway_url", "page"),
        files=("private_key_file", "alipay_key_file"),
        choices={"page": ("auto", "page", "wap")},
        currency="CNY",
    ),
    "sandbox": Kind(
        Sandbox, ("base_url", "notify_url", "secret_file"), ("page_url",), files=("secret_file",)
    ),
}


def _readable(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False
