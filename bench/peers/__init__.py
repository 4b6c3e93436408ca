"""The peers, each in a throw-away environment of its own, never in the project's.

A peer is a program that is called with the folder for its data and the numbers of open tasks, and prints one
JSON object: ``start`` and, for each number, the median of the processor milliseconds of one durable completion.
What cannot be installed or run here is absent; nothing is taken from elsewhere.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
LONGEST_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer. ``counts`` are the numbers of open tasks it is asked for: those it finishes in minutes."""

    name: str
    package: str
    program: str
    counts: tuple[int, ...]
    install: Callable[[Peer, Path], list[str]]
    terms: str


def measure(peer: Peer, folder: Path) -> dict[str, float]:
    """Its figures under the names of ours; empty when it is absent."""
    home, data = folder / peer.name, folder / f"{peer.name}-data"
    home.mkdir()
    data.mkdir()
    try:
        command = peer.install(peer, home)
        arguments = [*command, str(data), *map(str, peer.counts)]
        answer = subprocess.run(
            arguments, capture_output=True, text=True, check=True, timeout=LONGEST_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as fault:
        print(f"    {peer.name} is absent: {type(fault).__name__}", flush=True)
        return {}
    found: dict[str, float] = json.loads(answer.stdout)
    few, many = str(peer.counts[0]), str(peer.counts[-1])
    return {
        "start_cpu_ms": found["start"],
        **{f"complete_one_of_{count}_cpu_ms": found[str(count)] for count in peer.counts},
        f"complete_{many}_to_{few}_ratio": found[many] / found[few],
    }


def _from_pypi(peer: Peer, home: Path) -> list[str]:
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", peer.package], check=True)
    return [python, str(HERE / peer.program)]


def _from_npm(peer: Peer, home: Path) -> list[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise FileNotFoundError("node")
    (home / "package.json").write_text("{}")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", peer.package]
    subprocess.run(command, cwd=home, check=True, capture_output=True)
    program = home / peer.program  # Node looks for packages beside the program
    shutil.copy(HERE / peer.program, program)
    return [node, str(program)]


PEERS = (
    Peer(
        "SpiffWorkflow",
        "SpiffWorkflow==3.2.0",
        "spiffworkflow_blob.py",
        (10, 1_000, 10_000),
        _from_pypi,
        "多实例用户任务（loopCardinality，没有办理人）；整件事项存为一段 JSON，SQLite WAL、synchronous=FULL，每次办理读出、走一步、存回",
    ),
    Peer(
        "django-viewflow",
        "django-viewflow==2.4.0",
        "django_viewflow.py",
        (10, 1_000),
        _from_pypi,
        "没有多实例，用同样多条并行分支，没有办理人；每任务一行，SQLite WAL、synchronous=FULL，每次办理一个事务，调用 Python 接口",
    ),
    Peer(
        "bpmn-engine",
        "bpmn-engine@25.0.1",
        "bpmn_engine.cjs",
        (10, 1_000),
        _from_npm,
        "多实例用户任务（loopCardinality，没有办理人）；状态存为 JSON 文件并 fsync，每次办理读出、恢复、走一步、存回",
    ),
)
