"""Makes the fonts of printed pages from the npm package @fontsource-variable/public-sans (SIL OFL 1.1), unpacked.

    npm pack @fontsource-variable/public-sans@5.3.0 && tar xzf fontsource-variable-public-sans-5.3.0.tgz
    python tools/printed_fonts.py package/files src/carnet/kernel/typeset/fonts

Needs fonttools and brotli, which nothing else here does. Writes a static TTF a weight, and `covered.json`: the ranges
of characters that a page can print, those of the typesetter's own Libertinus Serif among them (Greek and Cyrillic).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-not-found]
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-not-found]

WEIGHTS = {400: "Regular", 600: "SemiBold"}
# Each part is a family of its own: the typesetter looks for a missing glyph in the next family.
PARTS = {"latin": "Public Sans", "latin-ext": "Public Sans Plus"}
GREEK_AND_CYRILLIC = ((0x386, 0x3CE), (0x401, 0x45F), (0x490, 0x491))
UNASSIGNED = {0x38B, 0x38D, 0x3A2}


def main(source: Path, target: Path) -> None:
    covered: set[int] = {code for first, last in GREEK_AND_CYRILLIC for code in range(first, last + 1)} - UNASSIGNED
    for part, family in PARTS.items():
        for weight, style in WEIGHTS.items():
            font = TTFont(source / f"public-sans-{part}-wght-normal.woff2")
            font = instantiateVariableFont(font, {"wght": weight})
            name(font, family, style, weight)
            font.flavor = None
            font.save(target / f"public-sans-{part}-{weight}.ttf")
            covered |= set(font.getBestCmap())
    ranges: list[list[int]] = []
    for code in sorted(each for each in covered if each >= ord(" ")):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    (target / "covered.json").write_text(json.dumps(ranges) + "\n", encoding="utf-8")


def name(font: TTFont, family: str, style: str, weight: int) -> None:
    font["OS/2"].usWeightClass = weight
    table = font["name"]
    for record in list(table.names):
        if record.nameID in {16, 17, 21, 22, 25}:
            table.removeNames(nameID=record.nameID)
    texts = {1: f"{family} {style}", 2: "Regular", 4: f"{family} {style}", 16: family, 17: style}
    texts[6] = f"{family}-{style}".replace(" ", "")
    for number, text in texts.items():
        table.setName(text, number, 3, 1, 0x409)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
