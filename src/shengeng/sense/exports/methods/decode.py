"""Bytes to text: which kind of file, which encoding; decided by what is there, never by the name.

Files are read in blocks and rewritten beside the others when they are not UTF-8: a file of any size takes the
memory of a block.
"""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
_BLOCK = 2**20
_MARK = b"\xef\xbb\xbf"
_HEADER_WORDS = ("订单", "编号", "买家", "商品", "宝贝", "数量", "金额", "价格", "时间")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text file as UTF-8 without a mark, and the lines (first = 1) in another encoding than the rest."""

    path: Path
    encoding: Encoding
    broken: frozenset[int] = field(default=frozenset())


def kind_of(name: str, path: Path) -> str:
    """text | sheet | json; anything that is no table is refused by what it is."""
    if path.stat().st_size > FILE_BYTES:
        raise TOO_LARGE.error(file=name, limit=f"{FILE_BYTES // 2**20} MB")
    if not any(block.strip(_MARK + b" \t\r\n") for block in _blocks(path)):
        raise EMPTY.error(file=name)
    start = _start(path)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "sheet"
    for mark, found, found_zh in _OTHERS:
        if start.startswith(mark):
            raise NOT_A_TABLE.error(file=name, found=found, found_zh=found_zh)
    start = start.lstrip(_MARK + b" \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json"
    if start[:100].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise NOT_A_TABLE.error(file=name, found="a web page", found_zh="网页")
    return "text"


def decoded(name: str, path: Path, scratch: Path, chosen: Encoding | None = None) -> Decoded:
    """The file as UTF-8 by its mark, else as what its lines are: UTF-8, UTF-16 or GB18030.

    Latin-1 fits any bytes, so it is taken only when chosen. A file that is neither and has no Chinese
    header is refused until somebody chooses. What has to be rewritten is written into `scratch`.
    """
    if not any(b"\n" in block for block in _blocks(path)):  # line ends of old Macintosh spreadsheets
        path = _written(scratch, (block.replace(b"\r", b"\n") for block in _blocks(path)))
    if chosen == "latin-1":
        return Decoded(_as_utf8(path, scratch, "cp1252", "replace"), "latin-1")
    start = _start(path)
    wide = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else _unmarked_wide(start)
    if chosen == "utf-16" or (chosen is None and wide):
        return Decoded(_as_utf8(path, scratch, wide or "utf-16", "replace"), "utf-16")
    if start.startswith(_MARK):
        path = _written(scratch, _without_mark(path))
    if chosen != "gb18030" and _all(path, "utf-8"):
        return Decoded(path, "utf-8")
    encoding = chosen or _majority(name, path)
    if encoding != "utf-8" and _all(path, encoding):
        return Decoded(_as_utf8(path, scratch, encoding, "strict"), encoding)
    broken: list[int] = []
    return Decoded(_written(scratch, _line_by_line(path, encoding, broken)), encoding, frozenset(broken))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LOOK)


def _without_mark(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(len(_MARK))
        while block := file.read(_BLOCK):
            yield block


def _written(scratch: Path, blocks: Iterable[bytes]) -> Path:
    with tempfile.NamedTemporaryFile(dir=scratch, suffix=".txt", delete=False) as file:
        for block in blocks:
            file.write(block)
    return Path(file.name)


def _as_utf8(path: Path, scratch: Path, encoding: str, errors: str) -> Path:
    return _written(scratch, (text.encode() for text in _texts(path, encoding, errors)))


def _texts(path: Path, encoding: str, errors: str = "strict") -> Iterator[str]:
    reads: Callable[[bytes, bool], str] = codecs.getincrementaldecoder(encoding)(errors).decode
    for block in _blocks(path):
        yield reads(block, False)
    yield reads(b"", True)


def _all(path: Path, encoding: str) -> bool:
    """Whether the whole file reads as an encoding."""
    try:
        for _ in _texts(path, encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_wide(look: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its Latin letters is zero."""
    if len(look) < 4 or look.count(0) < len(look) // 4:
        return None
    return "utf-16-le" if look[1::2].count(0) > look[::2].count(0) else "utf-16-be"


def _majority(name: str, path: Path) -> Encoding:
    """What most of the lines that are not ASCII are; where neither fits or the header is ASCII, ask."""
    count = utf8 = gb = 0
    header: list[bytes] = []
    with path.open("rb") as file:
        for line in file:
            if len(header) < 5:
                header.append(line)
            if not line.isascii():
                count += 1
                utf8 += _is(line, "utf-8")
                gb += _is(line, "gb18030")
    if 2 * utf8 > count:
        return "utf-8"
    chinese = any(not line.isascii() and _is(line, "gb18030") for line in header)
    if 2 * gb <= count or not chinese or not _common(header):
        raise WHICH_ENCODING.error(file=name)
    return "gb18030"


def _common(lines: list[bytes]) -> bool:
    """Whether the lines read as GB18030 hold characters of everyday Chinese, not of chance."""
    text = b"".join(lines).decode("gb18030", "ignore")
    return any(word in text for word in _HEADER_WORDS)


def _line_by_line(path: Path, encoding: Encoding, broken: list[int]) -> Iterator[bytes]:
    """Lines as UTF-8; the numbers of those in another encoding are added to `broken` on the way."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            good = _is(line, encoding)
            if not good:
                broken.append(number)
            yield line if good and encoding == "utf-8" else line.decode(encoding, "replace").encode()


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
