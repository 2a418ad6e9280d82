import threading
import pyarrow as pa
from shengeng.storage.stores import Stores
from shengeng.storage import jobs


def test_smoke(stores: Stores) -> None:
    t = pa.table({"a": [1, 2, 3], "b": ["x", None, "y"]})
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", t)
    assert stores.lake.table("lines").count().execute() == 3
    seen = []
    stores.queue.task("hello")(lambda stores, progress, **a: seen.append(a))
    with stores.rows.unit() as uow:
        i = uow.enqueue("hello", x=1)
    stores.queue.work(stores, threading.Event(), idle=True)
    assert seen == [{"x": 1}]
    with stores.rows.unit() as uow:
        assert jobs.job(uow, i).state == "succeeded"
