"""Dominique, 2016 to 2026: a thyroid found out, a daughter born, a racing heart, a gall bladder, a doubt."""

from __future__ import annotations

from carnet.demo.cast import DOMINIQUE
from carnet.demo.chart import Chart
from carnet.demo.model import Document
from carnet.demo.stories.dominique import beginnings, birth, gall_bladder, heart, middle, recent


def documents() -> tuple[Document, ...]:
    chart = Chart(DOMINIQUE.identity)
    for chapter in (beginnings, birth, middle, heart, gall_bladder, recent):
        chapter.write(chart)
    return chart.documents
