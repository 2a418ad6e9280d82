"""What was learned, as one row that can be put away and taken out again, the same to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from shengeng.understand.demand.contracts import LEARNED
from shengeng.understand.demand.methods.lessons import Level
from shengeng.understand.demand.methods.record import Learned, Reading


@dataclass(frozen=True, slots=True)
class Taught:
    """What was learned, and the kinds of promotion in the order of its features."""

    learned: Learned | None
    kinds: Sequence[str] | None


def as_row(taught: Taught, fingerprint: str) -> pa.Table:
    """One row of LEARNED; fingerprint: of the facts it was learned from."""
    assert taught.learned is not None
    level = taught.learned.level
    row = {
        "fingerprint": fingerprint,
        "kinds": list(taught.kinds or []),
        "centre": level.centre,
        "scale": level.scale,
        "weights": level.weights,
        "trees": level.trees.model_to_string(),
        "trust": level.trust,
        "shape": taught.learned.shape,
        "reached": list(taught.learned.reading.reached),
    }
    return pa.Table.from_pylist([row], schema=LEARNED)


def from_row(row: Mapping[str, Any]) -> Taught:
    """What `as_row` was given."""
    import lightgbm  # noqa: PLC0415 (a second to load, and only here)

    centre, scale, weights, shape = (np.array(row[name]) for name in ("centre", "scale", "weights", "shape"))
    trees = lightgbm.Booster(model_str=row["trees"])
    level = Level(centre, scale, weights, trees, row["trust"])
    reading = Reading(tuple(np.array(reached) for reached in row["reached"]))
    return Taught(Learned(level, shape, reading), row["kinds"])
