"""An installation's own lists: they replace the packaged ones, and bad ones are refused by name and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from salon import vocabulary

NETWORKS = "code,fr,en,retired\nreseau_local,Réseau local,Local network,\nunea,UNEA,UNEA,yes\n"


def write(folder: Path, name: str, content: str, encoding: str = "utf-8") -> Path:
    (folder / f"{name}.csv").write_bytes(content.encode(encoding))
    return folder


def test_a_file_replaces_its_list_and_leaves_the_others(tmp_path: Path) -> None:
    book = vocabulary.load(write(tmp_path, "networks", NETWORKS))
    assert book.choices("networks") == [("reseau_local", "Réseau local")]
    assert book.kinds == vocabulary.kinds()
    assert book != vocabulary.packaged()


def test_a_retired_term_keeps_its_label_but_is_no_longer_offered(tmp_path: Path) -> None:
    book = vocabulary.load(write(tmp_path, "networks", NETWORKS))
    assert book.label("networks", "unea") == "UNEA"
    assert "unea" not in dict(book.choices("networks"))


def test_excels_mark_is_accepted(tmp_path: Path) -> None:
    book = vocabulary.load(write(tmp_path, "networks", NETWORKS, "utf-8-sig"))
    assert book.has("networks", "reseau_local")


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    assert vocabulary.load(tmp_path) == vocabulary.load() == vocabulary.packaged()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("networks", "code,fr\nx,X\n", r"networks\.csv, line 1: missing columns en"),
        ("networks", "code,fr,en\n", r"networks\.csv: no line below the header"),
        ("networks", "code,fr,en\nA b,X,X\n", r"line 2, column code: 'A b' is not a code"),
        ("networks", "code,fr,en\nx,,X\n", r"line 2, column fr: empty"),
        ("networks", "code,fr,en\nx,X,X\nx,Y,Y\n", r"line 3, column code: 'x' is already on line 2"),
        ("networks", "code,fr,en\nx,X\n", r"line 2: not as many cells"),
        ("networks", "code,fr,en\nx,X,X,X\n", r"line 2: not as many cells"),
        ("networks", "code,fr,en,retired\nx,X,X,maybe\n", r"column retired: 'maybe' is neither yes nor no"),
        ("networks", 'code,fr,en\nx,"X,X\n', r"networks\.csv, line \d: unexpected end of data"),
        ("amounts", "code,fr,en,min,max\nx,X,X,10,5\n", r"column max: 5 is not above 10"),
        ("amounts", "code,fr,en,min,max\nx,X,X,ten,\n", r"column min: 'ten' is not a whole number"),
        ("access_needs", "code,fr,en,resource\nx,X,X,ramp\n", r"column resource: 'ramp' is none of"),
        ("sectors", "code,fr,en,group\nx,X,X,nulle_part\n", r"'x': its group 'nulle_part' does not exist"),
        ("sectors", "code,fr,en,group\nx,X,X,btp\n", r"no sector in the group 'agro_alimentaire'"),
        ("departements", "code,fr,en,region\n01,Ain,Ain,99\n", r"'01': its region '99' does not exist"),
        ("reseaux", NETWORKS, r"no vocabulary list is named reseaux"),
    ],
)
def test_bad_files_are_refused_by_name_and_place(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    with pytest.raises(vocabulary.VocabularyError, match=message):
        vocabulary.load(write(tmp_path, name, content))


def test_a_kind_cannot_have_an_article_without_a_scope(tmp_path: Path) -> None:
    header = "code,fr,en,short,family,reserved_article,reserved_scope,social_clause\n"
    content = header + "ei,EI,EI,EI,insertion,L2113-13,,yes\n"
    with pytest.raises(vocabulary.VocabularyError, match="column reserved_scope: an article needs a scope"):
        vocabulary.load(write(tmp_path, "kinds", content))
    good = header + "ei,EI,EI,EI,insertion,L2113-13,any,yes\n"
    assert vocabulary.load(write(tmp_path, "kinds", good)).kind("ei").reserved_any_service


def test_a_file_in_another_encoding_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(vocabulary.VocabularyError, match="not UTF-8"):
        vocabulary.load(write(tmp_path, "networks", NETWORKS, "cp1252"))
    with pytest.raises(vocabulary.VocabularyError, match="no such folder"):
        vocabulary.load(tmp_path / "nowhere")
