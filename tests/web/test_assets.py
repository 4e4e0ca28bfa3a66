"""Static files under names that carry their hash."""

from __future__ import annotations

import gzip
import re

import httpx2

from carnet.web import assets

LIMITS = {
    "carnet.css": 25_000,
    "public-sans.woff2": 30_000,
    "icons.svg": 6_000,
    "sending.js": 2_000,
    "depot.js": 2_000,
    "codes.js": 2_000,
}


def test_every_file_keeps_to_its_budget() -> None:
    for name, limit in LIMITS.items():
        asset = assets._assets()[name]
        assert len(asset.packed or asset.body) <= limit, name


def test_the_sheet_asks_only_for_files_of_ours_by_their_hash() -> None:
    sheet = assets._assets()["carnet.css"].body.decode()
    asked = set(re.findall(r"url\([\"']?([^\"')]+)", sheet))
    assert asked == {assets.url("public-sans.woff2"), assets.url("cross.svg")}
    assert "@import" not in sheet


def test_every_icon_in_use_is_in_the_sprite() -> None:
    from tests.web.test_words import TEMPLATES

    sprite = set(re.findall(r'id="([a-z0-9-]+)"', assets._assets()["icons.svg"].body.decode()))
    texts = [*TEMPLATES.rglob("*.html"), *TEMPLATES.parent.rglob("*.py")]
    used = {
        name
        for file in texts
        for name in re.findall(r"icon\(\"([a-z0-9-]+)\"|alert\(\"([a-z0-9-]+)\"", file.read_text(encoding="utf-8"))
        for name in name
        if name
    }
    assert used
    assert used <= sprite


def test_a_name_with_a_hash_may_be_kept_for_ever(server: str) -> None:
    plain = httpx2.get(server + assets.url("carnet.css"), headers={"Accept-Encoding": "identity"})
    packed = httpx2.get(server + assets.url("carnet.css"), headers={"Accept-Encoding": "gzip"})
    assert plain.headers["cache-control"] == packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.content == packed.content == gzip.decompress(assets._assets()["carnet.css"].packed or b"")


def test_another_name_is_not_there(server: str) -> None:
    for name in ("/static/carnet.css", "/static/carnet.0000000000000000.css", "/static/..%2fassets.py"):
        assert httpx2.get(server + name).status_code == 404
