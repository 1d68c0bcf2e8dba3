"""The closed renderer: no vector leaves it, tags and language are there, bytes are stable."""

from __future__ import annotations

import http.server
import logging
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from jinja2 import Environment, UndefinedError

from exports.document import closed_fetcher, environment, merge, render
from exports.fonts import FontSet, build
from tests.exports.conftest import TEMPLATES, texts

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


class Witness(http.server.BaseHTTPRequestHandler):
    """Remembers who called."""

    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(PIXEL)

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture(scope="module")
def listening() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Witness)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def witness(listening: str) -> str:
    """An address nobody may call, its memory empty."""
    Witness.hits.clear()
    return listening


VECTORS = (
    '<img src="{u}/img.png">',
    '<img src="/{u}">',
    '<img src="file:///etc/passwd">',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<img src="ftp://127.0.0.1/x.png">',
    '<img src="asset:../secret.png">',
    '<img src="asset:">',
    '<img src="ASSET:known.png">',
    '<object data="{u}/o.svg"></object>',
    '<embed src="{u}/e.svg">',
    '<link rel="stylesheet" href="{u}/s.css">',
    '<link rel="attachment" href="{u}/a.txt">',
    '<link rel="attachment" href="file:///etc/passwd">',
    "<style>@import url({u}/i.css);</style>",
    "<style>@font-face{{font-family:x;src:url({u}/f.ttf)}} p{{font-family:x}}</style><p>x",
    '<p style="background:url({u}/b.png)">x',
    '<p style="list-style-image:url({u}/l.png);display:list-item">x',
    '<p style="content:url({u}/c.png)">x',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{u}/v.png" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{u}/v.svg#a"/></svg>',
    '<base href="{u}/"><img src="based.png">',
)


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_leaves_the_renderer(vector: str, witness: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="exports.document"):
        pdf = render(vector.format(u=witness), {"known.png": PIXEL}, tagged=False, title="t", lang="fr")
    assert Witness.hits == []
    assert b"root:" not in pdf and b"/EmbeddedFile" not in pdf
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert not [
            o for o in opened.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"
        ]


def test_the_vectors_do_leave_an_open_renderer(witness: str) -> None:
    """Negative control: the stock fetcher fetches, so the vectors above are live."""
    from weasyprint import HTML

    HTML(string=VECTORS[0].format(u=witness)).write_pdf()
    assert Witness.hits == ["/img.png"]


def test_refusals_are_logged_and_known_assets_served(caplog: pytest.LogCaptureFixture) -> None:
    fetcher = closed_fetcher({"known.png": PIXEL})
    assert fetcher.fetch("asset:known.png").read() == PIXEL
    with (
        caplog.at_level(logging.WARNING, logger="exports.document"),
        pytest.raises(ValueError, match="asset"),
    ):
        fetcher.fetch("https://evil.example/x")
    assert "evil.example" in caplog.text
    pdf = render(
        '<img src="asset:known.png" alt="x">', {"known.png": PIXEL}, tagged=False, title="t", lang="fr"
    )
    assert b"/Image" in pdf


def test_tagged_means_marked_titled_and_in_a_language(fontset: FontSet) -> None:
    html = (
        '<html lang="fr"><h1>Zoé</h1><table><tr><th scope="col">a</th></tr><tr><td>b</td></tr></table></html>'
    )
    pdf = render(html, {}, tagged=True, title="Titre\r\n", lang="fr", fonts=fontset)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked and "/StructTreeRoot" in opened.Root
        assert str(opened.Root.Lang) == "fr" and opened.Root.ViewerPreferences.DisplayDocTitle
        assert str(opened.docinfo.Title) == "Titre"
        assert b"pdfuaid" in opened.Root.Metadata.read_bytes()
    plain = render(html, {}, tagged=False, title="Titre", lang="fr", fonts=fontset)
    with pikepdf.open(BytesIO(plain)) as opened:  # control: tags come from the flag
        assert "/StructTreeRoot" not in opened.Root and str(opened.Root.Lang) == "fr"


def test_xml_is_read_as_html_is_and_entities_are_not(
    fontset: FontSet, caplog: pytest.LogCaptureFixture
) -> None:
    def words(html: str) -> list[str]:
        return texts(render(html, {}, tagged=True, title="t", lang="fr", fonts=fontset))

    body = '<html lang="fr"><h1>Zoé &amp; &lt;i&gt;</h1><p>a<b>b</b>\n c</p></html>'
    assert words('<?xml version="1.0"?>\n' + body) == words(body) == ["Zoé & <i> ab c"]
    assert not caplog.text
    assert words('<?xml version="1.0"?>' + body.replace("</p>", "")) == words(body)  # HTML forgives
    assert "not well-formed" in caplog.text
    bomb = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "boom">]><html lang="fr"><p>x&a;</p></html>'
    assert "boom" not in words(bomb)[0].replace('"boom"', "")


def test_merging_names_the_whole_and_pads(fontset: FontSet) -> None:
    one = render("<p>un", {}, tagged=False, title="1", lang="fr", fonts=fontset)
    two = render(
        '<p>un<p style="break-before:page">deux', {}, tagged=False, title="2", lang="fr", fonts=fontset
    )
    whole = merge([one, two, one], title="Tout", lang="fr", even=True)
    with pikepdf.open(BytesIO(whole)) as opened:
        assert len(opened.pages) == 6 and str(opened.Root.Lang) == "fr"
        assert opened.open_metadata()["dc:title"] == "Tout"
    with pikepdf.open(BytesIO(merge([one, two, one], title="Tout", lang="fr"))) as opened:
        assert len(opened.pages) == 4
    assert whole == merge([one, two, one], title="Tout", lang="fr", even=True)


def test_templates_escape_clean_and_refuse_the_undefined(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("{{ a }}|{{ _('Pour %(n)s', n=a) }}|{{ nothing }}")
    env = environment(tmp_path, locale="fr")
    template = env.get_template("x.html")
    with pytest.raises(UndefinedError):
        template.render(a="x")
    out = template.render(a="<i>\x00\u202e&", nothing="")
    assert out == "&lt;i&gt;&amp;|Pour &lt;i&gt;&amp;|"


@pytest.mark.parametrize("template", sorted(p.name for p in (TEMPLATES / "pdf").glob("*.html")))
def test_templates_mark_nothing_safe(template: str) -> None:
    source = (TEMPLATES / "pdf" / template).read_text(encoding="utf-8")
    assert "|safe" not in source.replace(" ", "") and "autoescape" not in source


def test_fonts_are_built_once(fontset: FontSet, font_dir: Path) -> None:
    stamps = {p.name: p.stat().st_mtime_ns for p in fontset.folder.iterdir()}
    assert len(stamps) == 6
    assert build(font_dir) == fontset
    assert {p.name: p.stat().st_mtime_ns for p in fontset.folder.iterdir()} == stamps
    for name in ("inter-400.woff2", "inter-600.woff2", "vollkorn-600.woff2"):
        path = fontset.web(name)
        assert path is not None and path.stat().st_size < 30_000 and path.read_bytes()[:4] == b"wOF2"
    assert fontset.web("../../etc/passwd") is None
    assert fontset.semibold.width("Claire", 40) > fontset.regular.width("Claire", 40) > 30


def test_embedded_fonts_are_ours(env: Environment, fontset: FontSet) -> None:
    pdf = render(
        '<p style="font:600 9pt Inter">Zoé</p><p style="font:600 9pt Vollkorn">Zoé</p>',
        {},
        tagged=True,
        title="t",
        lang="fr",
        fonts=fontset,
    )
    with pikepdf.open(BytesIO(pdf)) as opened:
        names = {
            str(o.BaseFont) for o in opened.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o
        }
    assert {name.split("+")[1].split("-")[0] for name in names} == {"Inter", "Vollkorn"}
