"""One run of all scenarios: what each came to and where it went, brought together from every test process.

At the end no sequence flow of a process may be left untried. ``--spec-record FILE`` keeps the run as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.parser import Scenario, Step

from features import lint
from features.paths import Paths

HERE = Path(__file__).parent
_SCENARIO = pytest.StashKey[Scenario]()
_FAILED_STEP = pytest.StashKey[Step]()


class Session:
    """The run of this test process, and of those it has started."""

    def __init__(self, config: pytest.Config) -> None:
        self.paths = Paths()
        self.results: dict[str, dict[str, Any]] = {}
        self._config = config
        self._record: str | None = config.getoption("spec_record")

    def pytest_bdd_before_scenario(self, request: pytest.FixtureRequest, scenario: Scenario) -> None:
        """Remember what a test is about."""
        request.node.stash[_SCENARIO] = scenario

    def pytest_bdd_step_error(self, request: pytest.FixtureRequest, step: Step) -> None:
        """Remember at which sentence a scenario failed."""
        request.node.stash[_FAILED_STEP] = step

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Give the report of a scenario what is to be kept of it; it may travel to another process."""
        report = yield
        scenario = item.stash.get(_SCENARIO, None)
        if scenario is not None and (report.when == "call" or report.failed):
            report.specification = _told(scenario, item, report)  # type: ignore[attr-defined]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a scenario came to; an error around it is a failure too."""
        if (result := getattr(report, "specification", None)) is not None:
            self.results[report.nodeid] = result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take in the ways of a test process that is done."""
        if told := getattr(node, "workeroutput", {}).get("paths"):
            self.paths.add(told)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the process that started this one, or judge the whole."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["paths"] = self.paths.told()
            return
        if self._record:
            told = self.paths.told() | {"results": self.results}
            Path(self._record).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        if self._all_ran() and self.paths.forgotten():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the flows nobody tried."""
        if self._all_ran():
            for process, flows in self.paths.forgotten().items():
                terminalreporter.write_line(f"{process}：没有场景走过 {'、'.join(flows)}", red=True)

    def _all_ran(self) -> bool:
        """Whether every scenario that is written ran, and none failed."""
        written = sum(
            one.runs for path in HERE.glob("*.feature") for one in lint.scenarios(path.read_text("utf-8"))
        )
        passed = sum(one["outcome"] == "passed" for one in self.results.values())
        return written == passed == len(self.results)


def _told(scenario: Scenario, item: pytest.Item, report: pytest.TestReport) -> dict[str, Any]:
    failed = item.stash.get(_FAILED_STEP, None)
    return {
        "feature": Path(scenario.feature.filename).name,
        "rule": scenario.rule.name if scenario.rule else "",
        "name": scenario.name,
        "line": scenario.line_number,
        "outcome": report.outcome,
        "failed_step": f"{failed.keyword}{failed.name}" if failed else "",
        "seconds": report.duration,
        "said": report.longreprtext if report.failed else "",
    }


KEY = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--spec-record", metavar="FILE", help="keep the run of the scenarios as JSON")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[KEY] = Session(config)
    config.pluginmanager.register(config.stash[KEY], "specifications")


@pytest.fixture(scope="session")
def paths(request: pytest.FixtureRequest) -> Paths:
    """The ways the scenarios go."""
    return request.config.stash[KEY].paths
