"""A finished document, the templates' environment, and the only door to the PDF engine."""

from __future__ import annotations

import atexit
import gettext
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pikepdf
from babel import Locale
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from exports import colours, dates, text
from exports.fonts import FontSet

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    from exports.pictures import Picture

log = logging.getLogger(__name__)

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Document:
    """A file ready to be sent."""

    filename: str
    media_type: str
    content: bytes


def environment(
    template_dir: Path, *, locale: str, translations: gettext.NullTranslations | None = None
) -> Environment:
    """Templates of one language: everything escaped, cleaned of control characters, nothing undefined."""
    env = Environment(
        loader=FileSystemLoader(template_dir),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    spoken = Locale.parse(locale, sep="-" if "-" in locale else "_")
    catalogue = translations or gettext.NullTranslations()
    env.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    env.extend(words=catalogue)
    env.globals.update(lang=spoken.language, colours=colours)
    env.filters.update(filters(spoken))
    return env


def filters(locale: Locale) -> dict[str, Any]:
    """Template filters which format for `locale`."""
    return {
        "clock": partial(_clock, locale=locale),
        "day": partial(_day, locale=locale),
        "sentence": dates.sentence,
        "number": partial(format_decimal, locale=locale),
        "mm": lambda value: f"{value:.2f}mm",
    }


def _clock(moment: datetime, zone: ZoneInfo, *, locale: Locale) -> str:
    return dates.clock(moment, zone, locale)


def _day(moment: date | datetime, zone: ZoneInfo, *, locale: Locale, year: bool = False) -> str:
    return dates.day(moment, zone, locale, year=year)


def _finalize(value: Any) -> Any:
    return text.clean(value) if isinstance(value, str) else value


def words(env: Environment) -> gettext.NullTranslations:
    """The catalogue of `env`, for texts made in Python."""
    catalogue: gettext.NullTranslations = env.words  # type: ignore[attr-defined]
    return catalogue


def language(env: Environment) -> str:
    """The language tag documents of `env` carry."""
    return str(env.globals["lang"])


def locale_of(env: Environment) -> Locale:
    return Locale.parse(language(env))


@lru_cache(maxsize=1)
def _fetcher_class() -> type[Any]:
    """Made at first use: WeasyPrint takes half a second to import, which pages must not pay."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):  # type: ignore[misc]
        """Serves `asset:` names from memory; anything else raises and is logged: no network, no disk."""

        def __init__(self, assets: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self._assets = assets

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
            name = url.removeprefix("asset:")
            if name == url or name not in self._assets:
                log.warning("A document asked for %.200r and was refused", url)
                raise ValueError("Only known asset: names are served")
            return URLFetcherResponse(url, self._assets[name], {"Content-Type": _media_type(name)})

    return ClosedFetcher


def closed_fetcher(assets: Mapping[str, bytes]) -> Any:
    """The fetcher every document is rendered with."""
    return _fetcher_class()(assets)


@lru_cache(maxsize=1)
def page_class() -> type[Any]:
    """HTML whose elements have no footnote, note or list marks: six styles less to compute for each of them.

    What starts with `<?xml` is read by an XML parser, fifty times faster than HTML's; should it refuse, by HTML's.
    """
    from cssselect2 import ElementWrapper  # type: ignore[import-untyped]
    from weasyprint import CSS, HTML

    engine = resources.files("weasyprint").joinpath("css/html5_ua.css").read_text(encoding="utf-8")
    defaults = CSS(string=re.sub(r"(?m)^::.*$", "", engine))

    class Page(HTML):  # type: ignore[misc]
        """A document of ours."""

        def __init__(self, html: str, fetcher: Any) -> None:
            tree = _well_formed(html)
            if tree is None:
                super().__init__(string=html, url_fetcher=fetcher, base_url="asset:")
                return
            self.base_url, self.url_fetcher, self.media_type = "asset:", fetcher, "print"
            self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [defaults]

    return Page


def _well_formed(html: str) -> ElementTree.Element | None:
    """The elements of `html` if it is XML; a document type, which could hold entities, is not."""
    if not html.startswith("<?xml") or "<!" in html:
        return None
    try:
        return ElementTree.fromstring(html)  # noqa: S314 - our templates, user text escaped; no entity is declared
    except ElementTree.ParseError:
        log.warning("A document was not well-formed and is read as HTML")
        return None


def _media_type(name: str) -> str:
    kinds = {"svg": "image/svg+xml", "png": "image/png", "ttf": "font/ttf", "css": "text/css"}
    return kinds.get(name.rpartition(".")[2], "application/octet-stream")


@lru_cache(maxsize=4)
def font_configuration(folder: Path) -> FontConfiguration:
    """Shared between renders of a process: making one costs 15 ms, loading the faces 30 more."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _forget() -> None:
    """At exit the faces' temporary folder goes while Python can still remove it."""
    stylesheet_of.cache_clear()
    font_configuration.cache_clear()


atexit.register(_forget)


@lru_cache(maxsize=32)
def stylesheet_of(css: str, folder: Path) -> CSS:
    """`css`, parsed once a process, which may name the fonts in `folder`."""
    from weasyprint import CSS

    fetcher = closed_fetcher(FontSet(folder).assets)
    return CSS(string=css, font_config=font_configuration(folder), url_fetcher=fetcher)


def render(
    html: str,
    assets: Mapping[str, bytes],
    *,
    tagged: bool,
    title: str,
    lang: str,
    fonts: FontSet | None = None,
    css: Sequence[str] = (),
    pictures: Mapping[str, Picture] | None = None,
) -> bytes:
    """`html` as a PDF: PDF/UA-1 if `tagged`, always titled and with its language, equal for equal input.

    `css` are whole stylesheets, parsed once per process; `html` itself may carry a small `<style>`. `pictures` are
    images by the name `html` asks for (`asset:NAME`), which draw themselves.
    """
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1"} if tagged else {}
    sheets: list[CSS] = []
    if fonts is not None:
        options["font_config"] = font_configuration(fonts.folder)
        sheets = [stylesheet_of(sheet, fonts.folder) for sheet in (fonts.css, *css)]
    images = {f"asset:{name}": picture for name, picture in (pictures or {}).items()}
    document = page_class()(html, closed_fetcher(assets)).render(
        stylesheets=sheets, presentational_hints=False, cache=images, **options
    )
    document.metadata.title, document.metadata.lang = text.one_line(title), lang
    return bytes(document.write_pdf(**{k: v for k, v in options.items() if k == "pdf_variant"}))


def warm_up(fonts: FontSet) -> None:
    """The engine is imported and the faces are loaded: the next document costs only itself."""
    render("<p>&nbsp;</p>", {}, tagged=False, title="-", lang="fr", fonts=fonts)


def merge(parts: Sequence[bytes], *, title: str, lang: str, even: bool = False) -> bytes:
    """One PDF of several, titled; tags are dropped. With `even`, each part ends on a verso."""
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(BytesIO(part)) as pdf:
                whole.pages.extend(pdf.pages)
                if even and len(pdf.pages) % 2:
                    _, _, width, height = (float(x) for x in pdf.pages[-1].mediabox)
                    whole.add_blank_page(page_size=(width, height))
        _name(whole, title, lang)
        out = BytesIO()
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _name(pdf: pikepdf.Pdf, title: str, lang: str) -> None:
    """The reader's window shows the title, a screen reader knows the language."""
    pdf.Root.Lang = pikepdf.String(lang)
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    for page in pdf.pages:
        if "/StructParents" in page:
            del page["/StructParents"]
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = text.one_line(title)
        metadata["dc:language"] = [lang]
