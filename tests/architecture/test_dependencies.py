"""What we stand on: declared, pinned, and under licences that let a community use the product as it likes."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import sys
import tomllib
from collections.abc import Iterator

import pytest

from tests.architecture.sources import PACKAGES, ROOT, modules, nodes, place

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")

# Distributions that forgot to say so in their metadata; read from their repositories.
UNDECLARED_LICENCES = {"axe-playwright-python": "MIT", "pysqlite3": "Zlib"}

COPYLEFT = re.compile(r"\bA?GPL|General Public License|Affero", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked(lock: str) -> list[str]:
    return re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)


def _installed() -> list[str]:
    """The locked distributions that this platform and Python need."""
    names = sorted({name for lock in LOCKS for name in _locked(lock)})
    known = {_normal(found.name) for found in importlib.metadata.distributions()}
    return [name for name in names if name in known]


def _licences(name: str) -> list[str]:
    """The alternatives a user may choose from, in the distribution's own words."""
    metadata = importlib.metadata.metadata(name)
    if expression := metadata.get("License-Expression"):
        return str(expression).split(" OR ")
    classifiers = metadata.get_all("Classifier") or []
    declared = [text for text in classifiers if text.startswith("License ::")]
    first_line = str(metadata.get("License") or "").split("\n")[0]
    return declared or [text for text in (first_line, UNDECLARED_LICENCES.get(name)) if text]


UNDECLARED_NPM_LICENCES = {"node_modules/component-props": "MIT"}  # said in its component.json and its readme


def _is_open_to_use(licence: str) -> bool:
    """Of licences to choose from, one will do."""
    choices = re.split(r"\s+OR\s+", licence.strip("()"))
    return any(LESSER.search(one) or not COPYLEFT.search(one) for one in choices)


@pytest.mark.parametrize("name", _installed())
def test_a_locked_distribution_has_a_licence_without_strong_copyleft(name: str):
    licences = _licences(name)
    assert licences, f"{name} declares no licence: read it and add it to UNDECLARED_LICENCES"
    assert any(map(_is_open_to_use, licences)), licences


@pytest.mark.parametrize("folder", ["web/frontend", "tests/clients"])
def test_the_npm_packages_have_licences_without_strong_copyleft(folder: str):
    lock = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
    licences = {
        path: package.get("license") or UNDECLARED_NPM_LICENCES.get(path)
        for path, package in lock["packages"].items()
        if path
    }
    assert [path for path, text in licences.items() if not text or not _is_open_to_use(text)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_distribution_is_pinned_by_hash(lock: str):
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    loose = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if "==" in line and "--hash=" not in following
    ]
    assert _locked(lock)
    assert loose == []


def test_the_lock_files_agree():
    pins: dict[str, set[str]] = {}
    for lock in LOCKS:
        for line in re.findall(r"^([^#\s].*?) \\$", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE):
            name, _, version = line.partition("==")
            if ";" not in version:  # alternatives by Python version differ by design
                pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


def test_wheels_are_built_with_the_packages_that_make_installs():
    assert set(PROJECT["build-system"]["requires"]) <= set(PROJECT["dependency-groups"]["build"])


def _imports() -> Iterator[tuple[str, str]]:
    """Place and top-level name of every absolute import in our packages."""
    for path in modules():
        for node in nodes(path, ast.Import, ast.ImportFrom):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            )
            if getattr(node, "level", 0) == 0:
                yield from ((place(path, node), name.partition(".")[0]) for name in names)


def test_every_import_is_declared():
    declared = {_normal(re.split(r"[\[<>=!~; ]", text)[0]) for text in PROJECT["project"]["dependencies"]}
    # Installed with Flask and SQLAlchemy by contract, not by chance: they are those projects' own parts.
    declared |= {"werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "babel"}
    providers = importlib.metadata.packages_distributions()
    known = {*sys.stdlib_module_names, *PACKAGES}
    undeclared = [
        f"{where} imports {name}"
        for where, name in _imports()
        if name not in known and not {_normal(dist) for dist in providers.get(name, [])} & declared
    ]
    assert undeclared == []


def test_no_other_distribution_provides_our_packages():
    providers = importlib.metadata.packages_distributions()
    ours = _normal(PROJECT["project"]["name"])
    names = [*PACKAGES, "tests", "features", "bench"]
    assert {
        name: set(providers.get(name, [])) - {ours} for name in names if set(providers.get(name, [])) - {ours}
    } == {}
