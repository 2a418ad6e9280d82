from datetime import UTC, date, datetime

import pytest

from shengeng.kernel.clock import end_of, zone
from shengeng.kernel.errors import ShopError
from shengeng.kernel.ids import new_id


def test_a_day_ends_at_local_midnight_on_both_sides_of_daylight_saving() -> None:
    new_york = zone("America/New_York")
    assert end_of(date(2017, 11, 4), new_york) == datetime(2017, 11, 5, 4, tzinfo=UTC)
    assert end_of(date(2017, 11, 5), new_york) == datetime(2017, 11, 6, 5, tzinfo=UTC)
    assert end_of(date(2017, 11, 26), zone("Asia/Shanghai")) == datetime(2017, 11, 26, 16, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "UTC+8", "america/new_york "])
def test_a_wrong_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(ShopError, match="IANA"):
        zone(name)


def test_ids_sort_by_the_moment_they_were_made() -> None:
    moments = [datetime(2026, 1, 1, 0, 0, 0, ms * 1000, tzinfo=UTC) for ms in range(0, 999, 7)]
    ids = [new_id(m) for m in moments]
    assert ids == sorted(ids)
    assert {i.version for i in ids} == {7}
    assert {i.variant for i in ids} == {"specified in RFC 4122"}
