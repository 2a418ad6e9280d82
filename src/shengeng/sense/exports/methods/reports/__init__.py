"""The reports that are known, by system."""

from __future__ import annotations

from shengeng.sense.exports.contracts import Report
from shengeng.sense.exports.methods.reports import douyin, shopify, tmall, woocommerce

REPORTS: tuple[Report, ...] = (
    *shopify.REPORTS,
    *tmall.REPORTS,
    *douyin.REPORTS,
    *woocommerce.REPORTS,
)


def report_of(system: str, key: str) -> Report | None:
    """The report of a system, None where there is none of that name."""
    return next((one for one in REPORTS if (one.system, one.key) == (system, key)), None)
