"""Pages packed for the way: a fifth of their size, for less than a millisecond."""

from __future__ import annotations

import gzip
import secrets
from io import BytesIO
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

# Below this a packet holds the whole page anyway.
FROM_BYTES, LEVEL = 1400, 4
# A page repeats what its address asks for and holds a token besides: a header of random length keeps the size
# of the packed page from telling one by the other (BREACH).
_VEIL = 48
_Answer = TypeVar("_Answer", bound=Response)


def packed(request: Request, answer: _Answer) -> _Answer:
    """The answer as it goes out: packed where the browser takes that and it pays."""
    body = bytes(answer.body)
    if len(body) < FROM_BYTES or "gzip" not in request.headers.get("accept-encoding", ""):
        return answer
    held = BytesIO()
    name = secrets.token_hex(_VEIL // 2)[: secrets.randbelow(_VEIL)]
    with gzip.GzipFile(name, "wb", LEVEL, held, mtime=0) as file:
        file.write(body)
    answer.body = held.getvalue()
    answer.headers["content-encoding"] = "gzip"
    answer.headers["content-length"] = str(len(answer.body))
    return answer
