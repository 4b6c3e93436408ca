"""Whatever is asked of the interface, the answer is one its description knows, and never a fault of ours.

Schemathesis makes the requests from the description itself, valid ones and broken ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.faults.seed import LONG, many
from tests.integration.api import models
from tests.integration.api.conftest import Api
from tests.integration.web.community import ORGANISATION
from web import startup
from web.api import description
from web.app import create_app
from web.settings import Settings
from web.wiring import build
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation

EXAMPLES = many(4, 250)  # for each operation
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
OPERATIONS = [(path, method) for path, methods in description()["paths"].items() for method in methods]
ADMINISTRATOR = {"Authorization": "Basic YWRtaW46ZGVtbw=="}  # admin:demo, which only a demonstration takes
FILES = (
    ("approval.bpmn", models.APPROVAL),
    ("approval.form", models.APPROVAL_FORM),
    ("fees.dmn", models.DECISION),
    ("job.bpmn", models.JOB),
    ("waiting.bpmn", models.MESSAGE),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A small community with a few processes and something under way."""
    folder = tmp_path_factory.mktemp("asked")
    chosen = Settings(database_url=f"sqlite:///{folder / 'yishi.db'}", data_directory=folder, demo=True)
    startup.migrate(chosen)
    product = build(chosen)
    with product.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, ORGANISATION)
    app = create_app(product)
    admin = Api(app.test_client(), None)
    admin.headers = ADMINISTRATOR
    admin.deploy(*FILES)
    for process in ("approval", "job"):
        admin.start(process)
    yield app
    product.store.close()


def is_one_step(value: object) -> bool:
    """Whether a value stays one step of the path; a slash or dots make the request one for another path."""
    return "/" not in str(value) and str(value).strip(".") != ""


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_makes_it_fail_or_answer_otherwise_than_described(app: Flask, path: str, method: str):
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)

    @given(case=described[path][method.upper()].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        assume(all(map(is_one_step, (case.path_parameters or {}).values())))
        answer = case.call(headers=ADMINISTRATOR)
        case.validate_response(answer, checks=CHECKS)

    ask()
