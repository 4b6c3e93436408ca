"""What the architecture tests look at: the project's own files and their syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("engine", "workflows", "web")


def modules() -> list[Path]:
    """Every Python file of the three packages; the browser assets' build hook is not part of them."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if not path.is_relative_to(ROOT / "web" / "frontend")]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def nodes(path: Path, *kinds: type[Node]) -> Iterator[Node]:
    """All nodes of the given kinds in one file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, kinds))


def place(path: Path, node: ast.AST) -> str:
    """``file:line``, to be clicked."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def tracked_text() -> Iterator[tuple[str, str]]:
    """Name and content of every text file under version control."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    for name in filter(None, names.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            yield name, content.decode("utf-8", errors="replace")
