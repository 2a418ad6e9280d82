"""A broken row costs one row, whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.kernel.errors import ShopError
from shengeng.sense.connect.contracts import REASONS
from shengeng.sense.connect.store import csv as ours

HEADER = b"a,b,c\n"


def rows(path: Path, content: bytes) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    """Good rows with their line, broken ones with their line and the key of the reason."""
    file = path / "t.csv"
    file.write_bytes(content)
    names = ours.header(file)
    found = [row for batch in ours.batches(file, names) for row in batch.to_pylist()]
    good = [(r[ours.ROW], [r[name] for name in names]) for r in found if r[ours.FAULT] == 0]
    bad = [(r[ours.ROW], REASONS[r[ours.FAULT]].key) for r in found if r[ours.FAULT]]
    return sorted(good), sorted(bad)


def test_plain_rows_come_with_their_line_numbers(tmp_path: Path) -> None:
    good, bad = rows(tmp_path, HEADER + b"1,2,3\n4,5,6")
    assert good == [(2, ["1", "2", "3"]), (3, ["4", "5", "6"])]
    assert bad == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path, end: bytes) -> None:
    lines = [b"a,b,c", b"1,2,3", b'4,"5,6', b"7,8,9", b'"x ""y""",,"z, w"']
    good, bad = rows(tmp_path, end.join(lines) + end)
    assert bad == [(3, "quote_open")]
    assert good == [(2, ["1", "2", "3"]), (4, ["7", "8", "9"]), (5, ['x "y"', "", "z, w"])]


def test_two_broken_quotes_do_not_swallow_what_lies_between(tmp_path: Path) -> None:
    good, bad = rows(tmp_path, HEADER + b'1,"2,3\n4,5,6\n7,"8,9\n10,11,12\n')
    assert [row for row, _ in bad] == [2, 4]
    assert [row for row, _ in good] == [3, 5]


def test_a_quoted_line_end_belongs_to_its_value(tmp_path: Path) -> None:
    good, bad = rows(tmp_path, HEADER + b'1,"two\nlines",3\n4,5,6\n')
    assert good == [(2, ["1", "two\nlines", "3"]), (4, ["4", "5", "6"])]
    assert bad == []


def test_too_few_and_too_many_values_cost_their_rows(tmp_path: Path) -> None:
    good, bad = rows(tmp_path, HEADER + b"1,2\n3,4,5\n6,7,8,9\n\n10,11,12\n")
    assert bad == [(2, "width"), (4, "width")]
    assert [row for row, _ in good] == [3, 6]


def test_a_quote_behind_a_value_costs_its_row(tmp_path: Path) -> None:
    _, bad = rows(tmp_path, HEADER + b'1,"2"x,3\n"4",5,6\n')
    assert bad in (
        [],
        [(2, "quote_place")],
    )  # a lone block may pass Arrow's parser; the values then stay whole


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    good, _ = rows(tmp_path, b"\xef\xbb\xbf" + HEADER + "茶,2,3\n".encode())
    assert good == [(2, ["茶", "2", "3"])]


def test_gb18030_is_recognised(tmp_path: Path) -> None:
    text = "编号,品名,数\n1,茶叶,2\n2,坚果礼盒,3\n"
    good, bad = rows(tmp_path, text.encode("gb18030"))
    assert [values for _, values in good] == [["1", "茶叶", "2"], ["2", "坚果礼盒", "3"]]
    assert bad == []


def test_in_a_mixed_file_the_minoritys_rows_are_broken(tmp_path: Path) -> None:
    mostly = "".join(f"{i},茶叶礼盒,x\n" for i in range(8))
    odd = "9,坚果,x\n"
    good, bad = rows(tmp_path, HEADER + mostly.encode() + odd.encode("gb18030"))
    assert (len(good), bad) == (8, [(10, "encoding")])
    good, bad = rows(tmp_path, HEADER + mostly.encode("gb18030") + odd.encode())
    assert (len(good), bad) == (8, [(10, "encoding")])


def test_few_lines_in_one_block_do_not_outvote_many_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "BLOCK_BYTES", 200)
    chinese = "".join(f"{i},茶叶,x\n" for i in range(12)).encode()
    odd = b"".join(f"{i},坚果,x\n".encode("gb18030") for i in range(3))
    good, bad = rows(tmp_path, HEADER + chinese + b"1,2,3\n" * 40 + odd)
    assert (len(good), [reason for _, reason in bad]) == (52, ["encoding"] * 3)


def test_a_file_without_line_ends_is_no_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(ours, "ROW_BYTES", 1000)
    with pytest.raises(ShopError, match="no line ends"):
        rows(tmp_path, HEADER + b"x" * 10_000)


def test_a_value_over_a_block_border_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "BLOCK_BYTES", 16)
    content = HEADER + b"".join(b'%d,"two\nlines",%d\n' % (i, i) for i in range(50)) + b'x,"y,z\n1,2,3\n'
    good, bad = rows(tmp_path, content)
    assert [row for row, _ in good] == [*(2 + 2 * i for i in range(50)), 103]
    assert bad == [(102, "quote_open")]


@pytest.mark.parametrize("content", [b"\xff\xfea\x00,\x00", b"PAR1\x00\x15\x04", b"\xffPNG\r\n\x1a\n\x00"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(ShopError, match="not a CSV text file"):
        ours.header(tmp_path / "t.csv")


VALUE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@given(st.lists(st.tuples(VALUE, VALUE, VALUE), max_size=20))
def test_whatever_a_writer_quotes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str, str]]
) -> None:
    lines = [
        "".join(('"' + v.replace('"', '""') + '"' + sep) for v, sep in zip(row, ",,\n", strict=True))
        for row in table
    ]
    good, bad = rows(tmp_path_factory.mktemp("csv"), HEADER + "".join(lines).encode())
    assert bad == []
    assert [values for _, values in good] == [list(row) for row in table]


ALPHABET = st.sampled_from(['"', ",", "\n", "a", "茶", " ", "\r"])


@given(st.lists(st.text(ALPHABET, max_size=12), max_size=12))
def test_no_bytes_make_the_reader_fall_over_or_lose_a_row(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    good, bad = rows(tmp_path_factory.mktemp("csv"), HEADER + "\n".join(lines).encode() + b"\n7,8,9\n")
    assert all(len(values) == 3 for _, values in good)
    assert len({row for row, _ in [*good, *bad]}) == len(good) + len(bad)
