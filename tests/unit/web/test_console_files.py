"""The console's files as the server hands them out."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from shengeng.console.static_files import ConsoleFiles
from shengeng.web import create_app

PAGE = '<!doctype html><meta property="csp-nonce" nonce="__NONCE__"><title>深耕</title>'
SCRIPT = "export const 深耕 = 1;" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built console: one page, one asset in three forms, an icon."""
    assets = tmp_path / "static" / "assets"
    assets.mkdir(parents=True)
    (tmp_path / "static" / "index.html").write_text(PAGE, "utf-8")
    (tmp_path / "static" / "icon.svg").write_text("<svg/>")
    (tmp_path / "static" / ".stamp").write_text("abc")
    (tmp_path / "secret.txt").write_text("outside")
    (assets / "main-abc123.js").write_text(SCRIPT, "utf-8")
    (assets / "main-abc123.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (assets / "main-abc123.js.br").write_bytes(b"brotli stands in here")
    (assets / "plain-def456.css").write_text("body{}")
    return tmp_path / "static"


@pytest.fixture
def client(folder: Path) -> TestClient:
    """A server of these files that needs no shop."""
    return TestClient(create_app(None, [], pages=ConsoleFiles(folder)), follow_redirects=False)


def test_the_root_leads_to_the_console(client: TestClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/console/")


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/customers/H01", "/console/深耕/x"])
def test_every_screen_is_the_page_with_a_nonce_of_its_own(client: TestClient, path: str) -> None:
    answers = [client.get(path) for _ in range(2)]
    nonces = []
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        [nonce] = re.findall(r'nonce="([\w-]{20,})"', answer.text)
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'self' 'nonce-{nonce}'" in policy
        assert "unsafe" not in policy
        assert "style-src-attr 'none'" in policy
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


@pytest.mark.parametrize(
    "path", ["/console/main.js", "/console/x/y.map", "/console/.stamp", "/console/index.html"]
)
def test_a_missing_file_is_404_and_never_the_page(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/console/customers/ann@shop.example", "/console/supply/TEA.250"])
def test_a_copied_link_to_a_customer_with_a_dot_is_the_page(client: TestClient, path: str) -> None:
    assert client.get(path).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "path",
    [
        "/console/assets/../../secret.txt",
        "/console/assets/%2e%2e/%2e%2e/secret.txt",
        "/console/..%2fsecret.txt",
        "/console/assets/nothing.js",
        "/console/assets/",
    ],
)
def test_nothing_outside_the_folder_is_handed_out(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 405)
    assert "outside" not in answer.text


def test_a_file_beside_the_page_is_asked_for_again(client: TestClient) -> None:
    answer = client.get("/console/icon.svg")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_assets_come_packed_as_the_browser_likes_and_stay_for_a_year(
    client: TestClient, accepted: str, coding: str | None
) -> None:
    with client.stream(
        "GET", "/console/assets/main-abc123.js", headers={"accept-encoding": accepted}
    ) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-type"].partition(";")[0] in ("text/javascript", "application/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "accept-encoding"
    whole = {"br": b"brotli stands in here", "gzip": gzip.compress(SCRIPT.encode()), None: SCRIPT.encode()}
    assert len(raw) == len(whole[coding]) == int(answer.headers["content-length"])


def test_an_asset_that_was_not_packed_comes_as_it_is(client: TestClient) -> None:
    answer = client.get("/console/assets/plain-def456.css", headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.text == "body{}"
    assert client.head("/console/assets/plain-def456.css").status_code == 200


def test_a_console_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    client = TestClient(create_app(None, [], pages=ConsoleFiles(tmp_path)))
    answer = client.get("/console/today")
    assert answer.status_code == 503
    assert "make ui" in answer.text
    assert client.get("/console/assets/main.js").status_code == 404
