"""Bytes to text: which kind of file, which encoding; decided by what is there, never by the name."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from shengeng.sense.exports.contracts import FILE_BYTES, Encoding
from shengeng.sense.exports.contracts.refusals import EMPTY, NOT_A_TABLE, TOO_LARGE, WHICH_ENCODING

_OTHERS = (
    (b"%PDF", "a PDF", " PDF"),
    (b"\x89PNG", "a picture", "图片"),
    (b"\xff\xd8\xff", "a picture", "图片"),
    (b"Rar!", "a RAR archive", " RAR 压缩包"),
    (b"7z\xbc\xaf", "a 7z archive", " 7z 压缩包"),
    (b"\x1f\x8b", "a gzip archive", " gzip 压缩包"),
)
_LOOK = 4096
_HEADER_WORDS = ("订单", "编号", "买家", "商品", "宝贝", "数量", "金额", "价格", "时间")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text file as UTF-8, and the lines (first = 1) that were in another encoding than the rest."""

    data: bytes
    encoding: Encoding
    broken: frozenset[int] = field(default=frozenset())


def kind_of(name: str, data: bytes) -> str:
    """text | sheet | json; anything that is no table is refused by what it is."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise EMPTY.error(file=name)
    if len(data) > FILE_BYTES:
        raise TOO_LARGE.error(file=name, limit=f"{FILE_BYTES // 2**20} MB")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "sheet"
    for start, found, found_zh in _OTHERS:
        if data.startswith(start):
            raise NOT_A_TABLE.error(file=name, found=found, found_zh=found_zh)
    start = data[:_LOOK].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json"
    if start[:100].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise NOT_A_TABLE.error(file=name, found="a web page", found_zh="网页")
    return "text"


def decoded(name: str, data: bytes, chosen: Encoding | None = None) -> Decoded:
    """The file as UTF-8 by its mark, else as what its lines are: UTF-8, UTF-16 or GB18030.

    Latin-1 fits any bytes, so it is taken only when chosen. A file that is neither and has no Chinese
    header is refused until somebody chooses.
    """
    if b"\n" not in data:  # line ends of old Macintosh spreadsheets
        data = data.replace(b"\r", b"\n")
    if chosen == "latin-1":
        return Decoded(data.decode("cp1252", "replace").encode(), "latin-1")
    wide = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _unmarked_wide(data)
    if chosen == "utf-16" or (chosen is None and wide):
        return Decoded(data.decode(wide or "utf-16", "replace").encode(), "utf-16")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if chosen != "gb18030":
        with suppress(UnicodeDecodeError):
            data.decode()
            return Decoded(data, "utf-8")
    encoding = chosen or _majority(name, data)
    with suppress(UnicodeDecodeError):
        return Decoded(data.decode(encoding).encode(), encoding)
    return _line_by_line(data, encoding)


def _unmarked_wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its Latin letters is zero."""
    look = data[:_LOOK]
    if len(look) < 4 or look.count(0) < len(look) // 4:
        return None
    return "utf-16-le" if look[1::2].count(0) > look[::2].count(0) else "utf-16-be"


def _majority(name: str, data: bytes) -> Encoding:
    """What most of the lines that are not ASCII are; where neither fits or the header is ASCII, ask."""
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    utf8 = sum(_is(line, "utf-8") for line in lines)
    if 2 * utf8 > len(lines):
        return "utf-8"
    gb = sum(_is(line, "gb18030") for line in lines)
    header_lines = data.split(b"\n", 5)[:5]
    chinese = any(not line.isascii() and _is(line, "gb18030") for line in header_lines)
    if 2 * gb <= len(lines) or not chinese or not _common(header_lines):
        raise WHICH_ENCODING.error(file=name)
    return "gb18030"


def _common(lines: list[bytes]) -> bool:
    """Whether the lines read as GB18030 hold characters of everyday Chinese, not of chance."""
    text = b"\n".join(lines).decode("gb18030", "ignore")
    return any(
        word in text for word in ("订单", "编号", "买家", "商品", "宝贝", "数量", "金额", "价格", "时间")
    )


def _line_by_line(data: bytes, encoding: Encoding) -> Decoded:
    lines = data.split(b"\n")
    broken = [number for number, line in enumerate(lines, 1) if not _is(line, encoding)]
    text = [
        line.decode(encoding, "replace").encode() if encoding != "utf-8" or not _is(line, encoding) else line
        for line in lines
    ]
    return Decoded(b"\n".join(text), encoding, frozenset(broken))


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
