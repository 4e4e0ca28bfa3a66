"""Draw the icons of the installed application out of the favicon: the booklet on paper, within the safe circle of a
maskable icon.

    python tools/draw_icons.py CHROMIUM src/carnet/web/static
"""

from __future__ import annotations

import sys
from base64 import b64encode
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

SIDES: Final = (192, 512)
PAPER: Final = "#f4f6f5"


def page(svg: bytes, side: int) -> str:
    """The favicon at six tenths of the side: its corners stay within the circle that every system keeps."""
    image = f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
    style = f"margin:0;background:{PAPER};display:grid;place-items:center;width:{side}px;height:{side}px"
    return f'<body style="{style}"><img src="{image}" width="{side * 0.6}" height="{side * 0.6}"></body>'


def main(chromium: str, folder: Path) -> None:
    svg = (folder / "favicon.svg").read_bytes()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for side in SIDES:
            tab = browser.new_page(viewport={"width": side, "height": side})
            tab.set_content(page(svg, side))
            tab.screenshot(path=folder / f"icon-{side}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
