"""Names for numbers, so that a signature says what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Minor = Annotated[int, "minor units of the shop's currency"]
Rate = Annotated[float, "a share between 0 and 1"]

# Every interval of ours is an 80% interval unless its name says otherwise.
LOW, HIGH = 0.1, 0.9
COVERAGE = HIGH - LOW


@dataclass(frozen=True, slots=True)
class Interval:
    """A central estimate with its 80% interval, all in the same unit."""

    low: float
    mid: float
    high: float
