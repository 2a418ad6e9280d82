"""The command line as its user meets it: from a folder to decisions, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.factories.facts import write_folder
from tests.factories.servers import free_port, gone, put_away, wait_until

from shengeng.storage.embedded import Server

SHENGENG = str(Path(sys.executable).parent / "shengeng")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a home into which a made-up shop was imported."""
    base = tmp_path_factory.mktemp("commands")
    write_folder(base / "folder", customers=30, days=90)
    env = {
        "SHENGENG_HOME": str(base / "home"),
        "SHENGENG_PORT": str(free_port()),
        "SHENGENG_LOG_LEVEL": "warning",
    }
    done = call(env, "import", str(base / "folder"), "--json")
    assert done.returncode == 0, done.stderr
    yield env | {"FOLDER": str(base / "folder"), "IMPORTED": done.stdout}
    put_away(Server(base / "home"))


def call(env: dict[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    whole = {k: v for k, v in os.environ.items() if not k.startswith("SHENGENG_")} | {"LANG": "C.UTF-8"} | env
    return subprocess.run(
        [SHENGENG, *args], env=whole, capture_output=True, text=True, timeout=120, check=False
    )


def last_json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


def answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=2).status == 200)
    except (urllib.error.URLError, OSError):
        return False


def test_an_import_counts_every_row_of_every_file(shop: dict[str, str]) -> None:
    files = json.loads(shop["IMPORTED"].splitlines()[-1])["files"]
    for count in files.values():
        assert count["rows"] == count["accepted"] + count["rejected"] + count["unchanged"]
    assert files["orders"]["accepted"] > 100


def test_importing_the_same_folder_again_changes_nothing(shop: dict[str, str]) -> None:
    again = last_json(call(shop, "import", shop["FOLDER"], "--json"))["files"]["orders"]
    assert (again["accepted"], again["rejected"], again["unchanged"]) == (0, 0, again["rows"])
    assert again["rows"] > 100


def test_a_cycle_proposes_and_a_second_one_adds_nothing(shop: dict[str, str]) -> None:
    first = last_json(call(shop, "cycle", "--json"))
    assert sum(p["decisions"] for p in first["proposed"]) > 0
    second = last_json(call(shop, "cycle", "--json"))
    assert sum(p["decisions"] for p in second["proposed"]) == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("import", "/nowhere/at/all"), "/nowhere/at/all"),
        *(
            pytest.param(args, said, marks=pytest.mark.slow)
            for args, said in (
                (("import", "{FOLDER}", "--timezone", "Mars/Olympus"), "Mars/Olympus"),
                (("import", "{FOLDER}", "--until", "tomorrow"), "tomorrow"),
                (("replay",), "wait"),
                (("backtest", "fortune", "--data", "{FOLDER}"), "fortune"),
                (("operator", "lin", "--role", "king"), "king"),
                (("operator", "nobody", "--reset"), "nobody"),
            )
        ),
    ],
)
def test_a_refusal_is_one_sentence_that_names_the_thing(
    shop: dict[str, str], args: tuple[str, ...], said: str
) -> None:
    done = call(shop, *(arg.format_map(shop) for arg in args))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "args", [("dance",), pytest.param(("replay", "--days", "0"), marks=pytest.mark.slow)]
)
def test_wrong_usage_exits_with_two(shop: dict[str, str], args: tuple[str, ...]) -> None:
    assert call(shop, *args).returncode == 2


def test_a_wrong_setting_is_named_before_anything_starts(tmp_path: Path) -> None:
    done = call({"SHENGENG_HOME": str(tmp_path / "home"), "SHENGENG_PORT": "many"}, "serve")
    assert (done.returncode, "SHENGENG_PORT=many" in done.stderr) == (1, True)
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
def test_the_terminals_language_is_spoken(shop: dict[str, str]) -> None:
    done = call(shop | {"LANG": "zh_CN.UTF-8"}, "import", "/nowhere/at/all")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in done.stderr)


@pytest.mark.slow
def test_debug_shows_where_a_refusal_came_from(shop: dict[str, str]) -> None:
    done = call(shop, "--debug", "import", "/nowhere/at/all")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_login_is_given_once_and_works(shop: dict[str, str]) -> None:
    given = last_json(call(shop, "operator", "lin", "--role", "viewer", "--json"))
    assert len(given["password"]) >= 12
    assert last_json(call(shop, "operator", "lin", "--reset", "--json"))["password"] != given["password"]


@pytest.mark.slow
def test_a_name_that_is_taken_is_no_login(shop: dict[str, str]) -> None:
    assert last_json(call(shop, "operator", "han", "--role", "viewer", "--json"))["password"]
    assert call(shop, "operator", "han").returncode == 1


def test_health_is_fine_and_says_until_when_the_shop_is_known(shop: dict[str, str]) -> None:
    facts = last_json(call(shop, "health", "--json"))
    assert facts["status"] == "ok"
    assert "known until" in facts["checks"]["shop"]


@pytest.fixture
def serving(shop: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A running `shengeng serve` with its worker, and its address."""
    env = os.environ | shop | {"SHENGENG_PORT": str(free_port())}
    process = subprocess.Popen(
        [SHENGENG, "serve"], env=env, stdout=subprocess.DEVNULL, start_new_session=True
    )
    url = f"http://127.0.0.1:{env['SHENGENG_PORT']}"
    wait_until(lambda: answers(f"{url}/v1/health"), 60)
    yield process, url
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_taken_port_is_refused_by_its_number_and_the_server_that_has_it_leaves_nothing_behind(
    shop: dict[str, str], serving: tuple[subprocess.Popen[bytes], str]
) -> None:
    process, url = serving
    port = url.rsplit(":", 1)[1]
    done = call(shop | {"SHENGENG_PORT": port}, "serve")
    assert (done.returncode, port in done.stderr) == (1, True)
    wait_until(lambda: len(psutil.Process(process.pid).children()) > 0, 30)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    wait_until(lambda: all(gone(child.pid) for child in children), 30)


def test_killing_the_server_takes_its_worker_along(
    shop: dict[str, str], serving: tuple[subprocess.Popen[bytes], str]
) -> None:
    process, _ = serving
    wait_until(lambda: worker_of(process.pid) is not None, 30)
    worker = worker_of(process.pid)
    assert worker is not None
    process.kill()
    process.wait()
    wait_until(lambda: gone(worker.pid), 120)


def worker_of(pid: int) -> psutil.Process | None:
    children = psutil.Process(pid).children()
    return next((child for child in children if "work" in child.cmdline()), None)
