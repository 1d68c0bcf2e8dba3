"""No sentence escapes translation: what a template or a module says in French goes through gettext."""

from __future__ import annotations

import ast
import re

import pytest

from tests.i18n.extraction import KEYWORDS, ROOT
from tests.i18n.reading import Words

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_SENTENCE = re.compile(r"[A-Za-zÀ-ÿ’]{3,}\s+[a-zà-ÿ’]{2,}", re.UNICODE)
_FRENCH = re.compile(r"[éèêàçùâîôœ«»]|\b(vous|votre|les|des|une|est)\b", re.IGNORECASE)
WHOLE_TEXTS = re.compile(
    r"/(guide|notices)/.*(/|\.)(fr|en)(/|\.)|/guide/(fr|en)/"
)  # a file for each language
# Not sentences for readers: columns recognised in files, letters folded, numbers read, the operator's terminal.
EXEMPT = frozenset(
    {
        "salon/services/import_columns.py",
        "salon/services/room.py",
        "salon/services/editions.py",
        "salon/keys.py",
        "salon/cli/demo.py",
        "salon/queries/agendas.py",
    }
)
OWN_NAMES = frozenset({"Français"})


def bare_sentences(template: str) -> list[str]:
    """What a template says by itself, in two words or more."""
    spoken = Words(_JINJA.sub(" ", template)).found
    return [words for words in spoken if _SENTENCE.search(words) and "=" not in words]


def untranslated(source: str) -> list[str]:
    """French strings of a module that are neither documentation nor an argument of gettext."""
    tree, seen = ast.parse(source), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in KEYWORDS:
                seen |= {id(part) for argument in node.args for part in ast.walk(argument)}
        elif isinstance(node, ast.Expr):
            seen.add(id(node.value))  # documentation
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in seen
        and node.value not in OWN_NAMES
        and _FRENCH.search(node.value)
    ]


def test_no_template_speaks_by_itself() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if not WHOLE_TEXTS.search(path.as_posix()) and (lines := bare_sentences(path.read_text()))
    }
    assert found == {}


def test_no_module_speaks_french_by_itself() -> None:
    paths = [path for package in ("salon", "exports") for path in sorted((ROOT / package).rglob("*.py"))]
    found = {
        name: lines
        for path in paths
        if (name := str(path.relative_to(ROOT))) not in EXEMPT
        and "/demo/" not in name
        and "/migrations/" not in name
        and (lines := untranslated(path.read_text()))
    }
    assert len(paths) > 100
    assert found == {}


@pytest.mark.parametrize(
    ("template", "noticed"),
    [
        ("<p>Lancer le calcul</p>", True),
        ('<p>{{ _("Lancer le calcul") }}</p>', False),
        ('<button aria-label="Fermer le menu"></button>', True),
        ("<p>Salon</p>", False),
        ("{# Une note pour qui lit #}", False),
    ],
)
def test_control_a_template_that_speaks_is_noticed(template: str, noticed: bool) -> None:
    assert bool(bare_sentences(template)) is noticed


@pytest.mark.parametrize(
    ("source", "noticed"),
    [
        ('x = "Rien n’a été modifié."', True),
        ('x = _("Rien n’a été modifié.")', False),
        ('x = ngettext("une table", "des tables", n)', False),
        ('def f():\n    """Écrite pour qui lit."""', False),
        ('x = "Nothing"', False),
    ],
)
def test_control_a_module_that_speaks_is_noticed(source: str, noticed: bool) -> None:
    assert bool(untranslated(source)) is noticed
