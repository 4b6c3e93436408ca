"""Processes in which members answer the tasks of one matter until they are killed.

``python -m tests.faults.members`` reads lines ``DATABASE COUNT`` and forks for each of them: a fork needs no second for its
imports. It prints the process's number, then the key of each task whose completion was acknowledged, and ``ended``
when the process is no more.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from engine import instances, user_tasks
from engine.deployments import Resource, deploy
from engine.ports import Candidates
from engine.registry import Registry
from engine.runtime import Actor, Engine
from engine.store import tables
from engine.store.database import Store

PLACE = "jsjy"
CLERK = Actor.system()
MODEL = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://yishi/test">
 <bpmn:process id="p" isExecutable="true">
  <bpmn:extensionElements><zeebe:properties><zeebe:property name="gov.inputs" value="seats: list"/>
  </zeebe:properties></bpmn:extensionElements>
  <bpmn:startEvent id="s"/>
  <bpmn:userTask id="t"><bpmn:extensionElements><zeebe:userTask/><zeebe:formDefinition formId="any"/>
   <zeebe:assignmentDefinition assignee="=seat"/></bpmn:extensionElements>
   <bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>
    <zeebe:loopCharacteristics inputCollection="=seats" inputElement="seat" outputCollection="answers"
     outputElement="=answer"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
  <bpmn:endEvent id="e"/>
  <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="t"/><bpmn:sequenceFlow id="f2" sourceRef="t" targetRef="e"/>
 </bpmn:process></bpmn:definitions>"""
FORM = b'{"id": "any", "title": "any", "components": []}'


class Everybody:
    def known(self, role: str) -> bool:
        return True

    def resolve(self, work: Any, role: str, variables: Mapping[str, Any]) -> Candidates:
        return Candidates()


class AnyForm:
    def check(self, schema: Mapping[str, Any]) -> list[tuple[str, str]]:
        return []

    def writes(self, schema: Mapping[str, Any]) -> Mapping[str, str]:
        return {"answer": "Any"}

    def reads(self, schema: Mapping[str, Any]) -> frozenset[str]:
        return frozenset()

    def validate(self, schema: Any, submission: Any, context: Any, now: datetime) -> dict[str, Any]:
        return dict(submission)


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, 1, tzinfo=UTC)


def open_engine(url: str) -> Engine:
    """The engine on a database whose tables are made if they are missing."""
    store = Store.open(url)
    with store.transaction() as connection:
        tables.metadata.create_all(connection)
    return Engine(
        store,
        registry=Registry(),
        groups=Everybody(),
        forms=AnyForm(),
        numbering=lambda work, process_id: "YSH-2026-0001",
        clock=FixedClock(),
    )


def start(engine: Engine, count: int) -> int:
    """One matter with ``count`` open tasks."""
    with engine.work(CLERK, PLACE) as work:
        deploy(work, [Resource("p.bpmn", MODEL), Resource("any.form", FORM)])
    with engine.work(CLERK, PLACE) as work:
        return instances.start(work, "p", {"seats": [f"u{i}" for i in range(count)]})


def open_keys(engine: Engine) -> list[int]:
    with engine.look(CLERK, PLACE) as work:
        statement = select(tables.user_task.c.key).where(tables.user_task.c.state == "CREATED")
        return list(work.connection.execute(statement.order_by(tables.user_task.c.key)).scalars())


def answer(engine: Engine, key: int) -> None:
    with engine.work(CLERK, PLACE) as work:
        user_tasks.complete(work, key, {"answer": "同意"})


def work(url: str, count: int) -> None:
    """Four members at a time answer whatever is open."""
    engine = open_engine(url)
    with engine.look(CLERK, PLACE) as look:
        begun = instances.find(look, limit=1)
    if not begun:
        start(engine, count)

    def tell(key: int) -> None:
        answer(engine, key)
        os.write(sys.stdout.fileno(), f"{key}\n".encode())

    with ThreadPoolExecutor(4) as members:
        for done in [members.submit(tell, key) for key in open_keys(engine)]:
            done.result()


def main() -> None:
    for line in sys.stdin:
        url, count = line.split()
        child = os.fork()
        if child == 0:
            work(url, int(count))
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
