"""Formatting, lint, types and import directions as tests: CI accepts what ``make test`` accepts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

BIN = Path(sys.executable).parent

CHECKS = {
    "formatting (mend: ruff format)": ["ruff", "format", "--check", "--quiet", "--diff", "."],
    "lint (mend: ruff check --fix)": ["ruff", "check", "--quiet", "."],
    "types": ["mypy", "--no-error-summary"],
    "import contracts": ["lint-imports"],
}


@pytest.mark.parametrize("command", CHECKS.values(), ids=CHECKS.keys())
def test_static_check(command: list[str]):
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
