"""``yishi``: run the product, run a worker, deploy models, add accounts, run the specifications."""

from __future__ import annotations

import argparse
import getpass
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import make_url

from engine.errors import Refusal
from engine.worker import Worker
from web import startup
from web.settings import Settings
from web.wiring import build
from workflows.reviews import redraw, rules


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit status. What is refused is said in one sentence."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    given = _parser().parse_args(arguments)
    try:
        return int(given.command(given))
    except (Refusal, ValueError) as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yishi", description="议事：社区协商治理的流程引擎")
    commands = parser.add_subparsers(required=True, metavar="命令")
    run = commands.add_parser("run", help="启动网页服务")
    run.add_argument("--port", type=int, help="端口，默认 8000（环境变量 PORT）")
    run.add_argument(
        "--demo", action=argparse.BooleanOptionalAction, default=True, help="演示社区，只在本机开放"
    )
    run.set_defaults(command=_run)
    worker = commands.add_parser("worker", help="另开一个后台进程（仅 PostgreSQL）")
    worker.set_defaults(command=_worker)
    lots = commands.add_parser("redraw", help="用公布的候选库重算评议代表的抽签")
    lots.add_argument("file", type=Path, metavar="文件", help="从评议页面下载的候选库和抽签结果")
    lots.add_argument("--seed", required=True, help="公布的抽选种子")
    lots.set_defaults(command=_redraw)
    deploy = commands.add_parser("deploy", help="部署流程、决策表和表单")
    deploy.add_argument("files", nargs="+", type=Path, metavar="文件")
    deploy.set_defaults(command=_deploy)
    user = commands.add_parser("user", help="账号").add_subparsers(required=True, metavar="命令")
    add = user.add_parser("add", help="开通账号，密码从终端输入")
    add.add_argument("person", help="人员编号")
    add.add_argument("username", help="登录名")
    add.set_defaults(command=_add_user)
    spec = commands.add_parser("spec", help="演练全部场景，写出活规程；--mutants 再查哪些改动没人发现")
    spec.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    spec.set_defaults(command=_spec)
    for command in (run, worker, deploy, add):
        command.add_argument(
            "--database", help="数据库地址，默认 sqlite:///var/yishi.db（环境变量 DATABASE_URL）"
        )
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    return Settings.from_environment(
        database=given.database, port=getattr(given, "port", None), demo=getattr(given, "demo", False)
    )


def _say(line: str) -> None:
    print(f"· {line}", flush=True)


def _run(given: argparse.Namespace) -> int:
    settings = _settings(given)
    _require_free(settings)
    startup.prepare(settings, _say)
    if settings.demo:
        _say("演示模式：只在本机开放，任何人可一键登录；正式使用请加 --no-demo")
    print(f"请打开 http://{settings.host}:{settings.port}", flush=True)
    # granian starts its worker in a new process, which reads the settings from its environment.
    os.environ.update(settings.to_environment())
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "web.serving:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        factory=True,
        log_enabled=False,
    ).serve()
    return 0


def _require_free(settings: Settings) -> None:
    """The server would share the port with another one without a word."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as fault:
            raise ValueError(
                f"端口 {settings.port} 已被占用，请先停掉占用它的程序，或用 PORT 换一个。"
            ) from fault


def _worker(given: argparse.Namespace) -> int:
    settings = _settings(given)
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        raise ValueError(
            "SQLite 数据库由网页进程自己办理到时任务，不需要另开 worker。要分开运行请改用 PostgreSQL。"
        )
    startup.prepare(settings, _say)
    worker = Worker(build(settings).engine)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    worker.start()
    _say("后台进程已启动，按 Ctrl+C 结束")
    stopping.wait()
    worker.stop()
    return 0


def _deploy(given: argparse.Namespace) -> int:
    settings = _settings(given)
    startup.migrate(settings)
    product = build(settings)
    deployed = startup.deploy(product, given.files)
    print("\n".join(deployed) or "内容与现行版本相同，没有产生新版本。")
    return 0


def _redraw(given: argparse.Namespace) -> int:
    """Draw a published panel again; the exit status tells whether it is the one that was published."""
    lots = redraw.read(given.file.read_text("utf-8"))
    again, different = redraw.comparison(lots, given.seed)
    for one in again:
        if one.verdict != rules.NOT_DRAWN:
            print(one.grid, one.category, one.position, one.verdict, one.person, sep="\t")
    print(f"候选库 {len(lots)} 人，SHA-256 {redraw.digest(lots)}")
    if different:
        print(
            f"有 {len(different)} 人与公布的不一致：{'、'.join(different)}。请核对种子和文件，或向居务监督委员会反映。"
        )
        return 1
    print("与公布的一致。")
    return 0


def _add_user(given: argparse.Namespace) -> int:
    settings = _settings(given)
    startup.migrate(settings)
    password = getpass.getpass("新密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    startup.add_account(build(settings), given.person, given.username, password)
    print(f"账号 {given.username} 已开通。")
    return 0


def _spec(given: argparse.Namespace) -> int:
    # The specifications drive the product from outside, so they run in a process of their own.
    command = [sys.executable, "-m", "features", *given.arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
