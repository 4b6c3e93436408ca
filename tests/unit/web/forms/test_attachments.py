"""Files: judged before they are stored, kept as references, never anybody else's."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from web.forms.attachments import Accept, examine, safe_name

Build = Callable[..., Any]

PDF = b"%PDF-1.7\n" + b"0" * 300
JPEG = bytes.fromhex("ffd8ffe000104a464946") + b"0" * 300
EXE = b"MZ" + b"\0" * 300
EVIDENCE = {
    "type": "filepicker",
    "key": "evidence",
    "label": "附件",
    "multiple": True,
    "accept": ".jpg,.png,.pdf",
    "properties": {"maxFiles": "2", "maxBytes": "1000"},
}
KEPT = {"id": "old", "name": "旧.pdf", "size": 10, "type": "application/pdf"}


def file(name: str, content: bytes) -> tuple[str, FileStorage]:
    return "evidence", FileStorage(io.BytesIO(content), filename=name)


def test_a_file_is_stored_and_becomes_a_reference(desk: Build) -> None:
    form = desk(EVIDENCE)
    assert form.data(files=[file("现场.PDF", PDF)]) == {
        "evidence": [{"id": "f1", "name": "现场.PDF", "size": 309, "type": "application/pdf"}]
    }
    assert form.stored[0].stream.read() == PDF


def test_an_input_without_a_file_is_no_file(desk: Build) -> None:
    assert desk(EVIDENCE).data(("evidence", ""), files=[file("", b"")]) == {"evidence": []}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.exe", EXE, "“a.exe”不能上传，请换成 jpg、png、pdf 格式的文件。"),
        ("noextension", PDF, "“noextension”不能上传，请换成 jpg、png、pdf 格式的文件。"),
        ("a.pdf", b"", "“a.pdf”是空文件，请换一个再上传。"),
        ("a.pdf", PDF * 4, "“a.pdf”超过 1 KB，请压缩后再上传。"),
        ("a.jpg", EXE, "“a.jpg”的内容与扩展名不符，请换一个文件。"),
        ("a.jpg", PDF, "“a.jpg”的内容与扩展名不符，请换一个文件。"),
        ("a.jpg", b"<script>alert(1)</script>", "“a.jpg”的内容与扩展名不符，请换一个文件。"),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_file_that_may_not_come_is_refused_before_it_is_stored(
    desk: Build, name: str, content: bytes, sentence: str
) -> None:
    form = desk(EVIDENCE)
    assert form.errors(files=[file(name, content)]) == {"evidence": [sentence]}
    assert form.stored == []


def test_a_refused_file_is_told_on_a_refresh_too(desk: Build) -> None:
    state = desk(EVIDENCE).post(files=[file("a.exe", EXE)], do="refresh")
    assert [sentence for _, sentence in state.summary()] == [
        "“a.exe”不能上传，请换成 jpg、png、pdf 格式的文件。"
    ]


def test_files_beyond_the_limit_are_not_stored(desk: Build) -> None:
    form = desk(EVIDENCE, draft={"evidence": [KEPT]})
    posted = [file("1.pdf", PDF), file("2.pdf", PDF)]
    assert form.errors(("evidence", "old"), files=posted) == {
        "evidence": ["最多上传 2 个文件，请删除多余的。"]
    }
    assert len(form.stored) == 1


def test_a_single_file_is_replaced_by_the_next(desk: Build) -> None:
    single = {**EVIDENCE, "multiple": False}
    form = desk(single, draft={"evidence": [KEPT]})
    assert form.data(("evidence", "old"))["evidence"][0]["id"] == "old"
    assert form.data(("evidence", "old"), files=[file("new.jpg", JPEG)])["evidence"] == [
        {"id": "f1", "name": "new.jpg", "size": 310, "type": "image/jpeg"}
    ]


def test_only_files_of_the_own_draft_are_kept(desk: Build) -> None:
    form = desk(EVIDENCE, draft={"rows": [{"evidence": [KEPT]}]}, secret=[{**KEPT, "id": "theirs"}])
    assert form.data(("evidence", "old"), ("evidence", "theirs"), ("evidence", "f99")) == {"evidence": [KEPT]}


def test_a_button_lets_go_of_a_file(desk: Build) -> None:
    form = desk(EVIDENCE, draft={"evidence": [KEPT]})
    assert form.post(("evidence", "old"), do="detach:evidence:old").raw == {"evidence": []}


def test_without_a_store_a_file_is_a_defect_of_the_caller(desk: Build, now: Any) -> None:
    from werkzeug.datastructures import MultiDict

    with pytest.raises(LookupError, match="uploads"):
        desk(EVIDENCE).form.read(MultiDict(), MultiDict([file("a.pdf", PDF)]), {}, now=now)


def test_a_file_for_a_locked_field_is_not_even_looked_at(desk: Build) -> None:
    form = desk({**EVIDENCE, "readonly": True}, evidence=[KEPT])
    state = form.post(files=[file("a.pdf", PDF)])
    assert form.stored == []
    assert state.nodes[0].value == [KEPT]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\照片\\现场.jpg", "现场.jpg"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_file_name_is_made_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.txt", "意见".encode(), "text/plain"),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 99, "application/msword"),
        (
            "a.docx",
            b"PK\x03\x04" + b"\0" * 99,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("a.txt", b"\0\1\2", ""),
        ("a.html", b"<html>", ""),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_type_is_what_content_and_extension_agree_on(name: str, content: bytes, media_type: str) -> None:
    assert examine(name, io.BytesIO(content)).type == media_type


def test_accept_understands_extensions_media_types_and_families() -> None:
    assert Accept.parse("image/png, .PDF").extensions() == (".png", ".pdf")
    assert ".heic" in Accept.parse("image/*").extensions()
    assert ".mp3" in Accept.parse("").extensions()
