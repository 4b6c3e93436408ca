"""The command line: each refusal is a sentence, each command does what it says."""

from __future__ import annotations

import io
import socket
from pathlib import Path

import pytest

from web import cli
from web.wiring import Product


@pytest.fixture
def database(product: Product) -> str:
    return product.settings.database_url


def test_a_worker_of_its_own_is_refused_on_sqlite(database: str, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["worker", "--database", database]) == 1
    assert "不需要另开 worker" in capsys.readouterr().err


def test_a_port_in_use_is_told(database: str, capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["run", "--port", str(port), "--database", database]) == 1
    assert f"端口 {port} 已被占用" in capsys.readouterr().err


def test_an_account_is_opened_and_can_sign_in(
    product: Product, database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.stdin", io.StringIO("三号楼的电梯要修了呀\n"))
    assert cli.main(["user", "add", "resident", "jumin", "--database", database]) == 0
    assert "账号 jumin 已开通" in capsys.readouterr().out
    assert product.authenticate("jumin", "三号楼的电梯要修了呀", "10.0.0.1") == "resident"


@pytest.mark.parametrize(("person", "password"), [("nobody", "三号楼的电梯要修了呀"), ("resident", "short")])
def test_an_account_that_cannot_be_is_refused(
    database: str,
    person: str,
    password: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    assert cli.main(["user", "add", person, "jumin", "--database", database]) == 1
    assert capsys.readouterr().err


def test_files_are_deployed_all_or_none(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<definitions/>", encoding="utf-8")
    assert cli.main(["deploy", str(broken), "--database", database]) == 1
    assert "broken.bpmn" in capsys.readouterr().err
