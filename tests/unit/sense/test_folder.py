"""What a folder must have before anything of it is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.facts import write_folder, write_shop_toml

from shengeng.kernel.errors import ShopError
from shengeng.sense.connect.api import open_folder


def opening(path: Path | str, **options: str) -> ShopError:
    """The refusal that opening a folder meets."""
    with pytest.raises(ShopError) as caught, open_folder(path, **options):  # type: ignore[arg-type]
        pass
    return caught.value


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    error = opening(tmp_path / "nowhere", timezone="Asia/Shanghai", currency="CNY")
    assert error.code == "no_folder"
    assert "nowhere" in error.text("zh")


def test_a_missing_time_zone_is_asked_for_and_never_guessed(tmp_path: Path) -> None:
    error = opening(write_folder(tmp_path / "f", timezone=None))
    assert error.code == "no_timezone"
    assert "shop.toml" in error.text("en")


def test_a_missing_currency_is_asked_for(tmp_path: Path) -> None:
    assert opening(write_folder(tmp_path / "f", currency=None)).code == "no_currency"


def test_a_wrong_time_zone_is_refused_by_its_name(tmp_path: Path) -> None:
    error = opening(write_folder(tmp_path / "f"), timezone="Asia/Peking")
    assert error.code == "not_a_zone"
    assert "Asia/Peking" in error.text("en")


def test_options_win_over_shop_toml(tmp_path: Path) -> None:
    with open_folder(write_folder(tmp_path / "f"), timezone="Europe/Paris", currency="EUR") as folder:
        assert (folder.timezone, folder.currency) == ("Europe/Paris", "EUR")


def no_orders(path: Path) -> None:
    (path / "orders.csv").unlink()


def two_orders(path: Path) -> None:
    pq.write_table(pa.table({"order_id": ["1"]}), path / "orders.parquet")


def empty_file(path: Path) -> None:
    (path / "orders.csv").write_bytes(b"")


def other_names(path: Path) -> None:
    (path / "orders.csv").write_text("订单编号,时间,商品,数量\n1,2025-01-01,p,1\n", encoding="utf-8")


def no_amount(path: Path) -> None:
    (path / "orders.csv").write_text("order_id,ordered_at,product_id,quantity\n", encoding="utf-8")


def twice(path: Path) -> None:
    (path / "orders.csv").write_text("order_id,ordered_at,product_id,quantity,line_total,Quantity\n", "utf-8")


def torn_parquet(path: Path) -> None:
    (path / "products.csv").unlink()
    (path / "products.parquet").write_bytes(b"PAR1 and then nothing PAR1")


def toml_with_a_slip(path: Path) -> None:
    (path / "shop.toml").write_text("timezone = Asia/Shanghai\n", encoding="utf-8")


def toml_with_a_number(path: Path) -> None:
    (path / "shop.toml").write_text("timezone = 8\n", encoding="utf-8")


def toml_with_a_word(path: Path) -> None:
    write_shop_toml(path)
    with (path / "shop.toml").open("a", encoding="utf-8") as file:
        file.write('source = "../elsewhere"\n')


@pytest.mark.parametrize(
    ("spoil", "code", "names"),
    [
        (no_orders, "no_orders", "customers.csv"),
        (two_orders, "two_files", "orders.parquet"),
        (empty_file, "wrong_header", "nothing"),
        (other_names, "wrong_header", "订单编号"),
        (no_amount, "wrong_header", "unit_price or line_total"),
        (twice, "repeated_column", "quantity"),
        (torn_parquet, "damaged_file", "products.parquet"),
        (toml_with_a_slip, "bad_shop_toml", "shop.toml"),
        (toml_with_a_number, "bad_shop_toml", "timezone = 8"),
        (toml_with_a_word, "bad_shop_toml", "../elsewhere"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_folder_that_cannot_be_read_is_refused_in_one_clear_sentence(
    tmp_path: Path, spoil: Callable[[Path], None], code: str, names: str
) -> None:
    path = write_folder(tmp_path / "f")
    spoil(path)
    error = opening(path)
    assert error.code == code
    assert names in error.text("en")
    assert names in error.text("zh") or code == "no_orders"


def test_parquet_that_breaks_half_way_is_refused_by_name(tmp_path: Path) -> None:
    path = write_folder(tmp_path / "f", format="parquet", days=400)
    file = path / "orders.parquet"
    content = bytearray(file.read_bytes())
    content[200:1200] = bytes(1000)
    file.write_bytes(content)
    error = opening(path)
    assert error.code == "damaged_file"
    assert "orders.parquet" in error.text("en")


def test_a_path_with_quotes_and_spaces_is_a_path(tmp_path: Path) -> None:
    with open_folder(write_folder(tmp_path / 'it\'s a "shop" 店', format="parquet")) as folder:
        assert folder.name == 'it\'s a "shop" 店'
        assert folder.rows > 0


def test_the_data_hash_follows_the_content(tmp_path: Path) -> None:
    def hashed(path: Path) -> str:
        with open_folder(path) as folder:
            return folder.data_hash

    one, other = write_folder(tmp_path / "a"), write_folder(tmp_path / "b", seed=8)
    assert hashed(one) == hashed(write_folder(tmp_path / "c"))
    assert hashed(one) != hashed(other)
