"""Goals, and the tables of what was measured: on the screen, in ``latest.json`` and in the reference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.peers import PEERS

ROOT = Path(__file__).parent.parent
LATEST = ROOT / "bench" / "results" / "latest.json"
REFERENCE = ROOT / "docs" / "reference" / "figures.md"

Results = dict[str, dict[str, float]]
"""Figures by who was measured (``sqlite``, ``postgresql``, a peer) and by name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: its name in the results, what it is, and the goal on either database."""

    name: str
    title: str
    sqlite: float | None = None
    postgresql: float | None = None
    more_is_better: bool = False
    digits: int = 2

    def goal(self, store: str) -> float | None:
        return self.sqlite if store == "sqlite" else self.postgresql

    def met(self, store: str, value: float) -> bool:
        goal = self.goal(store)
        return goal is None or (value >= goal if self.more_is_better else value <= goal)


LINES = (
    Line("bare_commit_cpu_ms", "底线：写一行并提交（CPU 毫秒）"),
    Line("bare_commit_ms", "同上，钟表时间（毫秒）；机器越忙越大"),
    Line("complete_one_of_10_cpu_ms", "办一项任务，引擎调用，10 项待办（CPU 毫秒）", 0.8),
    Line("complete_one_of_1000_cpu_ms", "同上，1 000 项待办", 0.8),
    Line("complete_one_of_10000_cpu_ms", "同上，10 000 项待办", 0.8),
    Line("complete_10000_to_10_ratio", "10 000 项待办时的代价 ÷ 10 项时", 1.3, 1.3),
    Line("complete_1000_to_10_ratio", "1 000 项待办时的代价 ÷ 10 项时", 1.3, 1.3),
    Line("http_complete_cpu_ms", "办一项任务，经 HTTP 提交 3 个字段的表单（服务进程 CPU 毫秒）", 2.0),
    Line("http_task_page_cpu_ms", "打开一项任务的页面（服务进程 CPU 毫秒）", 5.0),
    Line("http_inbox_page_cpu_ms", "打开待办页，30 项（服务进程 CPU 毫秒）", 5.0),
    Line("complete_statements", "办一项任务的 SQL 语句数", 15, 15, digits=0),
    Line("complete_commits", "办一项任务的提交数", 1, 1, digits=0),
    Line("at_once_50_s", "50 人同时办理，到最后一人（秒）", 1, 1),
    Line("at_once_50_errors", "其中失败", 0, 0, digits=0),
    Line("at_once_500_s", "500 人同时办理（秒）", 6, 6),
    Line("at_once_500_errors", "其中失败", 0, 0, digits=0),
    Line("eight_voting_per_s", "8 个线程对同一事项表决（票/秒）", 800, 300, more_is_better=True, digits=0),
    Line("eight_voting_p99_ms", "其 p99（毫秒）", 100, 100, digits=1),
    Line("eight_voting_errors", "其中失败", 0, 0, digits=0),
    Line("start_cpu_ms", "发起一件事项（CPU 毫秒）", 2.0),
    Line("inbox_page_ms", "“我的任务”一页 50 项，共 100 000 项待办（毫秒）", 10, 10, digits=1),
    Line("due_timers_s", "10 000 个到时的定时器全部触发并前进（秒）", 20, 30, digits=1),
    Line("due_timers_measured", "其中实际测了多少个（不足时按比例换算）", digits=0),
    Line("timer_lateness_p99_s", "平静时从到时到触发，p99（秒）", 1, 1, digits=3),
    Line("two_workers_share", "两个后台进程，较少一方的份额", None, 0.4, more_is_better=True),
    Line("two_workers_to_one_rate", "两个后台进程的速率 ÷ 一个", None, 1, more_is_better=True),
    Line("web_memory_mb", "网页进程的内存（MB）", 160, 160, digits=0),
    Line("review_cpu_s", "半年评议，1 000 名代表：开、填、收、算，一共（CPU 秒）", 30, digits=1),
    Line("blocks_rows", "8 段 3 路并行审阅，发起时写入的行数", 100, 100, digits=0),
)
STORES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def table(results: Results) -> str:
    """The Markdown table; ✓ and ✗ say whether the goal is met, an empty cell that nothing was measured."""
    names = [*STORES, *(peer.name for peer in PEERS)]
    head = ["", "目标 SQLite / PostgreSQL", *(STORES.get(name, name) for name in names)]
    rows = [head, ["---"] * len(head)]
    for line in LINES:
        cells = [_cell(line, name, results.get(name, {})) for name in names]
        if any(cells):
            rows.append([line.title, _goals(line), *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _goals(line: Line) -> str:
    sign = "≥" if line.more_is_better else "≤"
    return " / ".join("–" if (goal := line.goal(s)) is None else f"{sign} {goal:g}" for s in STORES)


def _cell(line: Line, who: str, figures: Mapping[str, float]) -> str:
    value = figures.get(line.name)
    if value is None:
        return ""
    text = f"{value:.{line.digits}f}"
    if who not in STORES or line.goal(who) is None:
        return text
    return f"{text} {'✓' if line.met(who, value) else '✗'}"


def write(results: Results, machine: str) -> None:
    """Keep the results as data and as a page."""
    flat = {
        f"{who}.{name}": round(value, 4) for who, found in results.items() for name, value in found.items()
    }
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_text(json.dumps(flat, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    REFERENCE.write_text(_page(results, machine), encoding="utf-8")


def _page(results: Results, machine: str) -> str:
    absent = "、".join(peer.name for peer in PEERS if not results.get(peer.name))
    terms = "\n".join(f"- **{peer.name}**（{peer.package}）：{peer.terms}。" for peer in PEERS)
    return f"""# 性能指标

本页由 `make bench` 写成，数据在 `bench/results/latest.json`。测于 {datetime.now(UTC).date()}，{machine}。
机器与别的工作共用，秒数与毫秒数会随之变化；同一次运行里的比值可信。CPU 时间只计办理的那个进程。

{table(results)}

✓ 达到目标，✗ 没有达到；空格是没有测。{f"这次没能安装或运行：{absent}。" if absent else ""}

## 各方怎样测

- **议事**：多实例用户任务，按名单（`inputCollection`）每人一项、各有办理人，每次办理提交 3 个字段，一个事务。
  SQLite：WAL、synchronous=FULL；PostgreSQL：fsync 打开，提交先放锁、落盘后才答复，同机 Unix 套接字。
  经 HTTP：照常启动的服务，一个登录的人，一条保持的连接，先热身，减去同样时间里空闲的开销。
{terms}

各方都在同一次运行、同一块磁盘上，取中位数；安装在用完即弃的环境里。
"""
