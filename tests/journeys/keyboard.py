"""A person who uses the keys alone, in their own language."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass

from playwright.sync_api import FileChooser, Locator

from carnet.web import i18n
from tests.journeys.conftest import NARROW, Visitor

# Others add to the same records: their lists grow while the suite runs.
_FARTHEST = 500


@dataclass
class Keyboard:
    """`says` are the words of the page in the language of this person, from the French source."""

    visitor: Visitor
    language: str
    scripts: bool

    def __post_init__(self) -> None:
        # Somebody listens from the first page to the last: a browser told to stop between two choices may miss one.
        self.visitor.page.on("filechooser", lambda _: None)

    def says(self, text: str, **values: str) -> str:
        with i18n.use(self.language):
            return i18n.gettext(text) % values if values else i18n.gettext(text)

    def finds(self, text: str, role: str = "link", *, context: str = "") -> Locator:
        with i18n.use(self.language):
            said = i18n.pgettext(context, text) if context else i18n.gettext(text)
        # Several have words of their own for who does not see the page: the name begins with what is shown.
        name = re.compile(rf"^{re.escape(said)}")
        return self.visitor.page.get_by_role(role, name=name).first  # type: ignore[arg-type]

    def tabs_to(self, target: Locator) -> None:
        """From where the keys are now, forwards; what has the keys must be seen to have them."""
        wanted = target.element_handle()
        for _ in range(_FARTHEST):
            self.visitor.page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                assert wanted.evaluate("element => element.matches(':focus-visible')")
                return
        raise AssertionError(f"the keys do not come to {target}")

    def follows(self, target: Locator) -> None:
        """A link or a button that leads to another page."""
        self.tabs_to(target)
        with self.visitor.page.expect_navigation():
            self.visitor.page.keyboard.press("Enter")

    def presses(self, target: Locator) -> None:
        self.tabs_to(target)
        self.visitor.page.keyboard.press("Enter")

    def types(self, target: Locator, text: str) -> None:
        self.tabs_to(target)
        self.visitor.page.keyboard.type(text)

    def ticks(self, target: Locator) -> None:
        self.tabs_to(target)
        self.visitor.page.keyboard.press("Space")

    def opens_files(self, target: Locator) -> FileChooser:
        self.tabs_to(target)
        with self.visitor.page.expect_file_chooser() as chooser:
            self.visitor.page.keyboard.press("Space")
        return chooser.value

    def ends(self) -> None:
        """Where the journey ends, the page is accessible and fits every screen. The rules are themselves a script: the
        same page is looked at where there are some."""
        if self.scripts:
            assert self.visitor.faults() == []
        else:
            assert self._faults_elsewhere() == []
        assert self.visitor.sideways(NARROW[0]) <= 0

    def _faults_elsewhere(self) -> list[str]:
        seen, browser = self.visitor, self.visitor.context.browser
        assert browser
        context = browser.new_context(
            storage_state=seen.context.storage_state(), viewport=seen.page.viewport_size, locale="fr-FR"
        )
        with closing(context):
            twin = Visitor(seen.base, context, context.new_page())
            twin.page.goto(seen.page.url)
            return twin.faults()
