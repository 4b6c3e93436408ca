"""What a request takes does not grow unseen: statements and commits of handing in a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from engine import instances
from engine.deployments import Resource, deploy
from engine.runtime import Actor
from tests.integration.engine.builders import flow, process, user_task
from tests.integration.web.browser import Browser
from web.wiring import Product
from workflows.organisation import store as organisation
from workflows.organisation.model import Post

Browse = Callable[[str], Browser]

MOST_STATEMENTS = 25
"""Of a submission: who acts (5), the task with its matter (5), what changes (12)."""

FORM = """{"id": "any", "type": "default", "schemaVersion": 16, "components": [
 {"type": "textfield", "id": "f1", "key": "choice", "label": "选择"},
 {"type": "number", "id": "f2", "key": "households", "label": "户数"}]}"""
ASSIGNED = '<zeebe:assignmentDefinition assignee="resident"/>'
BODY = (
    '<bpmn:startEvent id="s"/>'
    + user_task("a", ASSIGNED)
    + user_task("b", ASSIGNED)
    + user_task("c", ASSIGNED)
)
BODY += '<bpmn:endEvent id="e"/>' + flow("s", "a") + flow("a", "b") + flow("b", "c") + flow("c", "e")
ANSWERS = {"choice": "同意", "households": "3"}


@contextmanager
def counted(product: Product) -> Iterator[list[str]]:
    """The statements and commits that reach the database meanwhile."""
    seen: list[str] = []

    def statement(connection: object, cursor: object, text: str, *_: object) -> None:
        seen.append(text)

    def commit(connection: object) -> None:
        seen.append("COMMIT")

    event.listen(product.store.database, "before_cursor_execute", statement)
    event.listen(product.store.database, "commit", commit)
    yield seen
    event.remove(product.store.database, "before_cursor_execute", statement)
    event.remove(product.store.database, "commit", commit)


def test_handing_in_a_form_takes_few_statements_and_one_commit(product: Product, browse: Browse) -> None:
    with product.engine.work(Actor.system(), product.settings.community) as work:
        deploy(work, [Resource("p.bpmn", process(BODY)), Resource("any.form", FORM.encode())])
        instances.start(work, "p", {})
    resident = browse("resident")
    for _ in range(2):  # the second time everything that is kept is there
        resident.get("/tasks")
        path = next(link for link in resident.html.xpath("//main//a/@href") if link.startswith("/tasks/"))
        token = resident.html.xpath("//input[@name='csrf_token']/@value")[0]
        with counted(product) as seen:
            answer = resident.client.post(path, data={**ANSWERS, "_do": "submit", "csrf_token": token})
        assert answer.status_code == 303, answer.text
    assert seen.count("COMMIT") == 1
    assert len(seen) - 1 <= MOST_STATEMENTS, "\n".join(seen)
    assert not any("task_draft" in text and not text.startswith("DELETE") for text in seen)


def test_a_post_is_held_and_lost_from_the_next_request_on(product: Product, browse: Browse) -> None:
    resident, post = browse("resident"), Post("resident", "process_admin", product.settings.community)
    assert resident.get("/admin/processes").status_code == 404
    with product.store.transaction() as connection:
        organisation.appoint(connection, post)
    assert resident.get("/admin/processes").status_code == 200
    with product.store.transaction() as connection:
        organisation.dismiss(connection, post.person, post.role, post.place)
    assert resident.get("/admin/processes").status_code == 404
