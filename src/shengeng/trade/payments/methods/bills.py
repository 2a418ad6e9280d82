"""Statement files as they are downloaded: text in one of two encodings, or packed with a summary beside it.

Source: Alipay, "query bill download address": a ZIP with the details and their summary, GBK, names too.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

_UTF8_NAMES = 0x800
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, struct.error)


def text_of(body: bytes) -> str:
    """The text of a statement: UTF-8, else GBK with what is in neither replaced."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def unpacked(body: bytes, longest: int) -> str:
    """The details inside of a ZIP. ValueError where there are none, or more than `longest` bytes of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            found = [_read(archive, one, longest) for one in archive.infolist() if _details(one)]
    except (*_BROKEN, ValueError) as error:
        raise ValueError(f"the archive cannot be read ({type(error).__name__})") from error
    if len(found) != 1:
        raise ValueError(f"the archive holds {len(found)} files of details")
    if len(found[0]) > longest:
        raise ValueError("the details are too long")
    return text_of(found[0])


def _read(archive: zipfile.ZipFile, one: zipfile.ZipInfo, longest: int) -> bytes:
    with archive.open(one) as file:
        return file.read(longest + 1)


def _details(one: zipfile.ZipInfo) -> bool:
    name = one.filename
    if not one.flag_bits & _UTF8_NAMES:
        name = name.encode("cp437", "replace").decode("gb18030", "replace")
    return "业务明细" in name and "汇总" not in name and not one.is_dir()
