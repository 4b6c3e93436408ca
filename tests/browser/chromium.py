"""Finds the Chromium that the browser tests drive, and installs one where that is possible.

Run as a program it prepares the machine (``make test`` does so). Without a browser it ends with 1 in CI,
where that is a failure, and with 0 elsewhere, where the browser tests are skipped and say so.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = (
    "找不到 Chromium，浏览器测试无法运行。请安装 chromium 和中文字体"
    "（Debian：apt install chromium fonts-noto-cjk），或运行 .venv/bin/playwright install chromium。"
    "Chromium is missing."
)
NO_FONT = "找不到中文字体，截图里的汉字会是方框。请安装 fonts-noto-cjk。No Chinese font is installed."


def find() -> str | None:
    """Path of the system's Chromium, else of Playwright's own, else ``None``."""
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font with Chinese; a system without fontconfig brings its own."""
    if not shutil.which("fc-list"):
        return sys.platform != "linux"
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def in_ci() -> bool:
    """Whether this is a CI run, by the variable that CI systems set."""
    return os.environ.get("CI", "").lower() in {"true", "1"}


def prepare() -> str | None:
    """Find Chromium, after an attempt to install what is missing of it and a Chinese font."""
    if not (find() and has_chinese_font()) and _may_use_apt():
        _with_apt()
    if not find():
        _with_playwright()
    return find()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _may_use_apt() -> bool:
    """Only on Debian: elsewhere apt's ``chromium`` may be a mere pointer to another kind of package."""
    try:
        debian = platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:  # no Linux, or one that does not say which
        return False
    return debian and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _with_apt() -> None:
    packages = ["fonts-noto-cjk"] if find() else ["chromium", "fonts-noto-cjk"]
    print(f"· 安装 {' 和 '.join(packages)}（约一分钟）… installing with apt", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "--quiet=2", "--option=Dpkg::Use-Pty=0"]
    if _run([*apt, "update"], quiet):
        _run([*apt, "install", "--yes", *packages], quiet)


def _with_playwright() -> None:
    print("· 下载 Playwright 自带的 Chromium… downloading", flush=True)
    _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _run(command: list[str], environment: dict[str, str]) -> bool:
    """Run quietly; on failure show the last lines of what it said."""
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-5:]), file=sys.stderr)
    return done.returncode == 0


def main() -> int:
    """Prepare the machine and say what is missing."""
    chromium = prepare()
    if not has_chinese_font():
        print(f"⚠ {NO_FONT}", file=sys.stderr)
    if chromium is None:
        print(f"⚠ {MISSING}", file=sys.stderr)
        return 1 if in_ci() else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
