"""No test stands where ``make test`` does not look."""

from __future__ import annotations

from tests.architecture.sources import ROOT
from tests.architecture.test_dependencies import PROJECT

SEPARATE = {"tests/faults"}  # make faults


def test_every_folder_with_tests_is_run():
    run = set(PROJECT["tool"]["pytest"]["ini_options"]["testpaths"])
    folders = {
        "/".join(path.relative_to(ROOT).parts[: 2 if top == "tests" else 1])
        for top in ("tests", "features")
        for path in (ROOT / top).rglob("test_*.py")
    }
    assert folders - run - SEPARATE == set()


def test_every_folder_that_is_to_be_run_exists():
    assert [
        path for path in PROJECT["tool"]["pytest"]["ini_options"]["testpaths"] if not (ROOT / path).is_dir()
    ] == []
