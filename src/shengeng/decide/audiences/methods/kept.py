"""What was found once and stays true while the facts are the same, within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")


class Kept:
    """The things asked for last, as many as fit; safe for several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held = most_bytes, 0
        self._found: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """What is kept under a key, made when it is not. size: in bytes; too large is not kept."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return cast("T", self._found[key][0])
        made = make()
        self._put(key, made, size(made))
        return made

    def _put(self, key: Hashable, made: object, size: int) -> None:
        if size > self._most:
            return
        with self._lock:
            if key in self._found:
                self._held -= self._found.pop(key)[1]
            self._found[key] = made, size
            self._held += size
            while self._held > self._most:
                self._held -= self._found.popitem(last=False)[1][1]

    @property
    def bytes(self) -> int:
        """How much is held now."""
        return self._held
