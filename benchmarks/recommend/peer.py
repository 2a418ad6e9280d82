"""cornac's TIFUKNN and implicit's item neighbours on given histories. Imports nothing of ours.

Run by run.py in the peers' environment: peer.py GIVEN.npz FOUND.npz DEPTH SECONDS
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import scipy.sparse as sp
from cornac.data import BasketDataset
from cornac.models import TIFUKNN
from implicit.nearest_neighbours import CosineRecommender


def cornac_tifuknn(rows: Any, depth: int, seconds: float) -> tuple[Any, dict[str, Any]]:
    """Top lists of as many customers as fit into the time, with milliseconds a customer.

    cornac trains on all but each customer's last basket (its fit drops it as the target), so a dummy last
    basket is added to every history; scoring gets the true history.
    """
    customer, product, basket = rows["customer"], rows["product"], rows["basket"]
    order = np.lexsort((basket, customer))
    customer, product, basket = customer[order], product[order], basket[order]
    dummy = [(int(c), f"last-{c}", int(product[0])) for c in np.unique(customer)]
    triples = [(int(c), int(b), int(p)) for c, b, p in zip(customer, basket, product, strict=True)]
    data = BasketDataset.from_ubi(sorted(triples + dummy, key=lambda t: (t[0], isinstance(t[1], str))))
    model = TIFUKNN(
        n_groups=int(rows["groups"]),
        within_decay_rate=float(rows["within"]),
        group_decay_rate=float(rows["between"]),
        n_neighbors=int(rows["neighbours"]),
        alpha=float(rows["own"]),
    ).fit(data)
    names = np.array(list(data.iid_map), dtype=np.int64)
    histories: dict[int, dict[int, list[int]]] = {}
    for c, b, p in triples:
        histories.setdefault(c, {}).setdefault(b, []).append(data.iid_map[p])
    found, times = [], []
    started = time.perf_counter()
    for c in rows["who"]:
        if time.perf_counter() - started > seconds:
            break
        clock = time.process_time()
        score = model.score(data.uid_map[int(c)], list(histories[int(c)].values()))
        top = names[np.argsort(-score, kind="stable")[:depth]]
        times.append(time.process_time() - clock)
        found.append(top)
    return np.array(found), {"cpu_ms_a_customer": 1000 * float(np.median(times)), "customers": len(found)}


def implicit_items(rows: Any, depth: int) -> tuple[Any, dict[str, Any]]:
    """Top lists by cosine item neighbours over counts, own products not filtered."""
    shape = (int(rows["customer"].max()) + 1, int(rows["products"]))
    counts = sp.csr_matrix((np.ones(len(rows["customer"])), (rows["customer"], rows["product"])), shape=shape)
    model = CosineRecommender(K=100, num_threads=1)
    clock = time.process_time()
    model.fit(counts, show_progress=False)
    named, _ = model.recommend(rows["who"], counts[rows["who"]], N=depth, filter_already_liked_items=False)
    spent = time.process_time() - clock
    return named, {"cpu_ms_a_customer": 1000 * spent / len(named), "customers": len(named)}


def main() -> None:
    given, found, depth, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    rows = np.load(given)
    lists: dict[str, Any] = {}
    about: dict[str, Any] = {"versions": {name: version(name) for name in ("cornac", "implicit", "numpy")}}
    lists["implicit_item_knn"], about["implicit_item_knn"] = implicit_items(rows, depth)
    lists["cornac_tifuknn"], about["cornac_tifuknn"] = cornac_tifuknn(rows, depth, seconds)
    np.savez(found, **lists)
    print(json.dumps(about))


if __name__ == "__main__":
    main()
