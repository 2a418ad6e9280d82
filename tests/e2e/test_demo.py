"""The demo on its real data, as `make demo` runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.factories.servers import put_away

from shengeng.plays.day import BY_KEY
from shengeng.storage.embedded import Server

SHENGENG = str(Path(sys.executable).parent / "shengeng")


def run(home: Path, *args: str) -> dict[str, Any]:
    env = os.environ | {"SHENGENG_HOME": str(home)}
    done = subprocess.run([SHENGENG, *args, "--json"], env=env, capture_output=True, text=True, check=True)
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


@pytest.mark.slow
def test_the_demo_ends_with_decisions_for_customers_and_stock_and_their_calibration(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = run(home, "demo", "--no-serve")
    assert first["files"]["orders"]["rows"] == 1_469_307
    assert (first["as_of"], first["customers"]) == ("2017-11-26", 2462)
    assert first["waiting"]["decisions"] > 500
    assert set(first["calibration"]) == set(BY_KEY)
    assert len(first["operator"]["password"]) >= 12

    again = run(home, "demo", "--no-serve")
    assert again["operator"] is None
    assert again["waiting"] == first["waiting"]

    day = run(home, "replay", "--days", "1")["days"][0]
    assert day["as_of"] == "2017-11-27"
    put_away(Server(home))
