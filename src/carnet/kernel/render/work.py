"""What runs apart: one operation on one file. The answer's head holds figures, or a `refusal` by its code."""

from __future__ import annotations

from collections.abc import Callable

from carnet.kernel.apart.wire import Frame
from carnet.kernel.render import pages, paper, pictures, printing, words
from carnet.kernel.render.refusal import Refusal

_OPERATIONS: dict[str, Callable[[Frame], Frame]] = {
    "page-count": pages.count,
    "page-image": pages.image,
    "page-text": words.of_page,
    "texts": words.of_document,
    "sheets": words.of_pages,
    "picture-count": pictures.count,
    "picture-sheets": pictures.sheets,
    "picture": pictures.image,
    "paper": paper.pdf,
    "printed": printing.printed,
    "joined": printing.joined,
}


def answer(request: Frame) -> Frame:
    try:
        return _OPERATIONS[request.head["operation"]](request)
    except Refusal as refusal:
        return Frame({"refusal": refusal.code})
    except MemoryError:
        return Frame({"refusal": "too-complex"})
    except Exception:  # noqa: BLE001  (readers raise all sorts on a damaged file)
        return Frame({"refusal": "broken"})
