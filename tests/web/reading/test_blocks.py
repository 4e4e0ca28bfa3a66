"""A narrative as blocks to be printed: nothing that is read disappears."""

from __future__ import annotations

from carnet.web.reading import blocks


def texts(html: str) -> list[str]:
    """Each paragraph, and each row of a table with its cells apart."""
    found = []
    for block in blocks.of_narrative(html):
        rows = block.get("rows") or [[block]]
        found += [" | ".join("".join(text for text, _ in cell.get("words", ())) for cell in row) for row in rows]
    return [each.replace("\xa0", " ") for each in found]


def test_titles_paragraphs_and_lists() -> None:
    html = "<h2>Bilan</h2><p>Une <strong>ligne</strong><br>puis 10<sup>9</sup>/L</p><ol><li>un</li><li>deux</li></ol>"
    title, text, one, two = blocks.of_narrative(html)
    assert (title["title"], title["words"]) == (2, [["Bilan", False]])
    assert text["words"] == [["Une ", False], ["ligne", True], ["\npuis 10^9/L", False]]
    assert (one["mark"], two["mark"], one["indent"]) == ("1.", "2.", 1)


def test_what_was_struck_says_so_and_a_picture_has_its_words() -> None:
    assert texts('<p>dose <del>10</del> 5 mg</p><p><img src="x" alt="Courbe"></p>') == [
        "dose [supprimé : 10] 5 mg",
        "[Image : Courbe]",
    ]
    assert {"picture": "AAAA"} in blocks.of_narrative('<p><img src="data:image/png;base64,AAAA" alt=""></p>')


def test_tables_keep_their_columns_under_cells_that_reach_down_or_across() -> None:
    html = (
        "<table><caption>Sang</caption><thead><tr><th>Analyse</th><th>Valeur</th></tr></thead><tbody>"
        '<tr><td rowspan="2">TSH</td><td>2,1</td></tr><tr><td>2,3</td></tr><tr><td colspan="2">fin</td></tr>'
        "</tbody></table><p>après</p>"
    )
    assert texts(html) == ["Sang", "Analyse | Valeur", "TSH | 2,1", " | 2,3", "fin", "après"]
    table = next(block for block in blocks.of_narrative(html) if "rows" in block)
    assert table["head"] == 1
    assert [cell["span"] for cell in table["rows"][-1]] == [2]


def test_lists_and_tables_within_a_cell_become_its_words() -> None:
    inner = "<table><tr><td>x</td><td>y</td></tr></table>"
    html = f"<table><tr><td><ul><li>a</li><li>b</li></ul></td><td>{inner}</td></tr></table>"
    assert texts(html) == ["• a\n• b | x y"]


def test_whatever_the_markup_nothing_is_lost() -> None:
    for html in (
        "<p>a<table><tr><td>b</p></td>",
        "</td></table>texte</ul>",
        "<li>seul",
        "<tr><td>hors",
        "<td>hors</td>",
    ):
        assert blocks.of_narrative(html), html
