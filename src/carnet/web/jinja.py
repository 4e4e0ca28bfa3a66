"""The template environment of the pages (Django's Jinja2 backend calls `environment`)."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from carnet.formats.elision import elided
from carnet.web import about, assets, i18n, represented, words

_TEMPLATES = Path(__file__).parent / "templates"
EXTENSIONS = ("jinja2.ext.i18n",)


_MADE: ContextVar[list[Context] | None] = ContextVar("contexts of the page that is being made", default=None)


class _Page(Template):
    """What a page was made of goes when the page is made. A macro knows the context that knows the macro: without this
    all that a heavy record told would wait for the garbage collector, which then has a tenth of a second to do in
    somebody's request."""

    def new_context(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002  (Jinja's own names)
        shared: bool = False,  # noqa: FBT001, FBT002
        locals: Mapping[str, Any] | None = None,  # noqa: A002
    ) -> Context:
        context = super().new_context(vars, shared, locals)
        made = _MADE.get()
        # Without values it is that of macros which are kept for every page.
        if made is not None and vars is not None:
            made.append(context)
        return context

    def render(self, *args: Any, **kwargs: Any) -> str:
        made: list[Context] = []
        before = _MADE.set(made)
        try:
            return super().render(*args, **kwargs)
        finally:
            _MADE.reset(before)
            for context in made:
                context.vars.clear()
                context.parent = {}


def environment(**options: Any) -> Environment:
    """Autoescaped; an undefined name is an error, so that a page never shows a hole in silence."""
    env = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        extensions=EXTENSIONS,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=bool(options.get("auto_reload", False)),
    )
    env.template_class = _Page
    env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext
    )
    env.globals.update(gettext=_said, ngettext=_counted)
    env.globals.update(
        asset=assets.url,
        language=i18n.language,
        weekday_today=i18n.weekday_today,
        media=words.media,
        represented=represented.represented,
        about=about.about,
        adult=represented.adult,
        category=words.category,
        today=i18n.today,
    )
    env.filters.update(
        of_whose=about.of_whose,
        birth=i18n.birth,
        day=i18n.day,
        short_day=i18n.short_day,
        day_heading=i18n.day_heading,
        hour=i18n.hour,
        tight=i18n.tight,
        file_size=i18n.file_size,
        initials=initials,
        first_name=words.first_name,
        profession=words.profession,
        document_type=words.document_type,
        relation=words.relation,
    )
    env.policies["ext.i18n.trimmed"] = True
    # The components are at hand in every template under one short name.
    env.globals["c"] = env.get_template("components.html").module
    return env


@pass_eval_context
def _said(context: EvalContext, text: str, /, **values: Any) -> str:
    return _with(context, i18n.gettext(text), values)


@pass_eval_context
def _counted(context: EvalContext, singular: str, plural: str, number: int, /, **values: Any) -> str:
    values.setdefault("num", number)
    return _with(context, i18n.ngettext(singular, plural, number), values)


def _with(context: EvalContext, text: str, values: dict[str, Any]) -> str:
    """As Jinja fills a sentence; in French its « de » as the name behind it wants it."""
    ready = elided(text, values) if i18n.language() == i18n.FRENCH else text
    return (Markup(ready) if context.autoescape else ready) % values  # noqa: S704  (values are escaped)


_TITLES = {"Dr", "Pr", "M.", "Mme"}


def initials(name: str) -> str:
    words = [word for word in name.split() if word not in _TITLES]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
