"""``yishi spec``: run every scenario, write the living regulations, and on request look for what nobody notices."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from features import report
from features.installation import MODELS, models

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 when every scenario holds, every flow is walked and, with ``--mutants``, every change is noticed."""
    given = _parser().parse_args(arguments)
    if given.models:
        os.environ[MODELS] = str(given.models.resolve())
    with tempfile.TemporaryDirectory(prefix="specifications-") as place:
        record, survivors = Path(place) / "record.json", Path(place) / "survivors.json"
        print("· 正在演练全部场景……", flush=True)
        failed = _pytest("--numprocesses=auto", f"--spec-record={record}")
        unnoticed = 0
        if given.mutants and not failed:
            print("· 正在逐处改动流程，看有没有场景发现，要几分钟……", flush=True)
            changes = ("-p", "features.mutation", f"--spec-mutants={record}", f"--spec-survivors={survivors}")
            unnoticed = _pytest(*changes)
        found = json.loads(survivors.read_text("utf-8")) if survivors.exists() else None
        report.write(given.to, models(), json.loads(record.read_text("utf-8")), found)
    print(f"· 活规程写在 {given.to}/index.html")
    return 1 if failed or unnoticed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yishi spec", description="演练全部场景，写出活规程")
    parser.add_argument("--mutants", action="store_true", help="再把规则逐处改动，列出没有场景发现的改动")
    parser.add_argument("--models", type=Path, metavar="目录", help="演练这个目录里的流程，默认是自带的流程")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "specs", metavar="目录", help="写到哪里")
    return parser


def _pytest(*arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", "features", "--quiet", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
