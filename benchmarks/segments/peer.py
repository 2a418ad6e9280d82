"""What chDB and hand-written DuckDB SQL say of the same facts, each question in CPU seconds of this process.

Run by run.py in the environment of peers.txt; prints one JSON.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

WEEK = 7 * 86_400 * 1_000_000  # microseconds
Members = list[int]


def cpu() -> float:
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(question: Callable[[], Members], runs: int) -> dict[str, Any]:
    """The median of some runs after one that warms up, and the members."""
    members = question()
    seconds = []
    for _ in range(runs):
        began = cpu()
        assert question() == members
        seconds.append(cpu() - began)
    return {"seconds": statistics.median(seconds), "all": seconds, "members": members}


def chdb_funnel(folder: Path, runs: int) -> dict[str, Any]:
    """windowFunnel over a table sorted as it likes best: by person and time."""
    from chdb import session  # noqa: PLC0415  the other peer does not need it

    shop = session.Session()
    shop.query("SET max_threads = 2")
    began = cpu()
    shop.query(
        "create table facts engine = MergeTree order by (person, moment) as select "
        "assumeNotNull(person)::UInt32 person, assumeNotNull(moment)::UInt64 moment, "
        f"assumeNotNull(kind)::UInt8 kind from file('{folder}/steps.parquet')"
    )
    load = cpu() - began
    # strict_increase: a step later than the one before, as we mean it. Its default is cheaper and may take
    # two facts of one moment as following each other, so both are timed.
    found = {}
    for name, mode in (("strict", ", 'strict_increase'"), ("default", "")):
        text = (
            f"select person from (select person, windowFunnel({WEEK}{mode})(moment, kind = 0, kind = 1, "
            "kind = 2) level from facts group by person) where level = 3 order by person"
        )
        found[name] = timed(lambda text=text: _numbers(shop.query(text, "CSV")), runs)
    return {"load": load, **found}


def _numbers(answer: Any) -> Members:
    return [int(row) for row in str(answer).split()]


# The newest view before a cart within reach, the newest such start before an order: no row is counted twice.
_BEFORE = "over (partition by person order by moment range between unbounded preceding and 1 preceding)"
FUNNEL = f"""
with views as (select person, moment, kind, max(moment) filter (kind = 0) {_BEFORE} as began from facts),
  carts as (select person, moment, kind,
    case when kind = 1 and moment - began <= {WEEK} then began end as began from views),
  orders as (select person, moment, kind, max(began) {_BEFORE} as began from carts)
select distinct person from orders where kind = 2 and moment - began <= {WEEK} order by person
"""


def duckdb_funnel(folder: Path, runs: int) -> dict[str, Any]:
    """The same with window functions."""
    import duckdb  # noqa: PLC0415

    con = duckdb.connect(config={"threads": 2})
    began = cpu()
    con.sql(f"create table facts as select * from '{folder}/steps.parquet' order by person, moment")
    load = cpu() - began
    return {"load": load, **timed(lambda: _first(con.sql(FUNNEL)), runs)}


def duckdb_aggregates(folder: Path, questions: dict[str, str], runs: int) -> dict[str, Any]:
    """Questions by hand over the same Parquet files that our lake reads."""
    import duckdb  # noqa: PLC0415

    con = duckdb.connect(config={"threads": 2})
    con.sql(
        f"create view lines as select * from read_parquet({json.loads((folder / 'lines.json').read_text())})"
    )
    con.sql(f"create view products as select * from '{folder}/products.parquet'")
    return {name: timed(lambda text=text: _first(con.sql(text)), runs) for name, text in questions.items()}


def _first(relation: Any) -> Members:
    return relation.to_arrow_table().column(0).to_pylist()


def main() -> None:
    """Folder and number of runs from the command line."""
    folder, runs = Path(sys.argv[1]), int(sys.argv[2])
    questions = json.loads((folder / "questions.json").read_text())
    answers = {
        "chdb": chdb_funnel(folder, runs),
        "duckdb": duckdb_funnel(folder, runs),
        "aggregates": duckdb_aggregates(folder, questions, runs),
    }
    (folder / "answers.json").write_text(json.dumps(answers))


if __name__ == "__main__":
    main()
