"""cornac's TIFUKNN, implicit's item neighbours, a plain LightGBM ranker. Imports nothing of ours.

Run by run.py in the peers' environment: peer.py GIVEN.npz FOUND.npz DEPTH SECONDS
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp
from cornac.data import BasketDataset
from cornac.models import TIFUKNN
from implicit.nearest_neighbours import CosineRecommender


def cornac_tifuknn(rows: Any, depth: int, seconds: float, kind: type[TIFUKNN]) -> tuple[Any, dict[str, Any]]:
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
    model = kind(
        n_groups=1 if kind is PaperTifu else int(rows["groups"]),
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


class PaperTifu(TIFUKNN):
    """cornac's TIFUKNN with the paper's neighbour term: a mean by product, over others than the customer.

    As shipped, cornac takes one mean over all products of all neighbours, which moves no order.
    """

    def score(self, user_idx: int, history_baskets: Any, **_: Any) -> Any:
        own = self._compute_user_vector(history_baskets)
        _, found = self.tree.query([own], k=self.n_neighbors + 1)
        others = [u for u in found.ravel() if u != user_idx][: self.n_neighbors]
        return self.alpha * own + (1 - self.alpha) * np.mean(self.user_vectors[others], axis=0)


def plain_ranker(rows: Any, depth: int, most: int = 150) -> tuple[Any, dict[str, Any]]:
    """LightGBM's LambdaRank over 150 candidates a customer: own products, then the shop's most popular.

    Signals: own count, count of 30 days, days since, share of baskets, shop's count, customer's baskets.
    Learnt on the first basket of three products and more within the four weeks before.
    """
    clock = time.process_time()
    as_of = int(rows["day"].max())
    earlier = as_of - 28
    seen, later = rows["day"] <= earlier, rows["day"] > earlier
    basket, size = np.unique(rows["basket"][later], return_counts=True)
    large = later & np.isin(rows["basket"], basket[size >= 3])
    first = np.full(int(rows["customer"].max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, rows["customer"][large], rows["basket"][large])
    target = large & (rows["basket"] == first[rows["customer"]])
    products = int(rows["products"])
    wanted = np.unique(rows["customer"][target] * products + rows["product"][target])
    known = np.intersect1d(rows["customer"][target], rows["customer"][seen])
    who, product, signals = _candidates(rows, seen, earlier, known, most)
    given = lgb.Dataset(
        signals, np.isin(who * products + product, wanted), group=np.unique(who, return_counts=True)[1]
    )
    settings = {
        "objective": "lambdarank",
        "num_leaves": 31,
        "learning_rate": 0.05,
        "num_threads": 1,
        "verbose": -1,
    }
    model = lgb.train({**settings, "deterministic": True, "seed": 1}, given, num_boost_round=200)
    learnt = time.process_time() - clock
    clock = time.process_time()
    who, product, signals = _candidates(rows, rows["day"] <= as_of, as_of, np.sort(rows["who"]), most)
    order = np.lexsort((-model.predict(signals, num_threads=1), who))
    named = product[order].reshape(-1, most)[:, :depth]
    spent = time.process_time() - clock
    place = np.searchsorted(np.sort(rows["who"]), rows["who"])
    about = {
        "cpu_ms_a_customer": 1000 * spent / len(named),
        "customers": len(named),
        "learn_cpu_seconds": learnt,
    }
    return named[place], about


def _candidates(rows: Any, seen: Any, as_of: int, who: Any, most: int) -> tuple[Any, Any, Any]:
    """Exactly `most` candidates of each customer, by customer, with their signals."""
    customer, product, day = (rows[name][seen] for name in ("customer", "product", "day"))
    shape = (int(rows["customer"].max()) + 1, int(rows["products"]))

    def summed(weight: Any) -> Any:
        return sp.csr_array((weight, (customer, product)), shape=shape)

    count, lately = summed(np.ones(len(day))), summed((day > as_of - 30).astype(float))
    popular = np.bincount(product, minlength=shape[1]).astype(float)
    pair = np.unique(customer * shape[1] + product)
    last = np.zeros(len(pair))
    np.maximum.at(last, np.searchsorted(pair, customer * shape[1] + product), day)
    baskets = np.bincount(customer[np.unique(rows["basket"][seen], return_index=True)[1]], minlength=shape[0])
    found = []
    for start in range(0, len(who), 256):
        chunk = who[start : start + 256]
        own = count[chunk].toarray()
        top = np.argpartition(-(own + popular / (popular.sum() + 1.0)), most - 1, axis=1)[:, :most]
        row = np.arange(len(chunk))[:, None]
        place = np.minimum(np.searchsorted(pair, chunk[:, None] * shape[1] + top), len(pair) - 1)
        bought = pair[place] == chunk[:, None] * shape[1] + top
        columns = [
            own[row, top],
            lately[chunk].toarray()[row, top],
            np.where(bought, as_of - last[place], 9_999.0),
            own[row, top] / baskets[chunk][:, None],
            popular[top],
            np.broadcast_to(baskets[chunk][:, None], top.shape),
        ]
        found.append((np.repeat(chunk, most), top.ravel(), np.column_stack([c.ravel() for c in columns])))
    return tuple(np.concatenate([part[k] for part in found]) for k in range(3))


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
    about: dict[str, Any] = {
        "versions": {name: version(name) for name in ("cornac", "implicit", "lightgbm", "numpy")}
    }
    lists["implicit_item_knn"], about["implicit_item_knn"] = implicit_items(rows, depth)
    lists["lightgbm_ranker"], about["lightgbm_ranker"] = plain_ranker(rows, depth)
    for name, kind in (("cornac_tifuknn", TIFUKNN), ("cornac_tifuknn_paper", PaperTifu)):
        lists[name], about[name] = cornac_tifuknn(rows, depth, seconds, kind)
    np.savez(found, **lists)
    print(json.dumps(about))


if __name__ == "__main__":
    main()
