"""SpiffWorkflow as it is commonly used: the whole instance is one JSON text, loaded, stepped and saved again."""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import time
from pathlib import Path

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

MODEL = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/>
<bpmn:userTask id="vote"><bpmn:multiInstanceLoopCharacteristics>
<bpmn:loopCardinality>{count}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
<bpmn:endEvent id="e"/><bpmn:sequenceFlow id="a" sourceRef="s" targetRef="vote"/>
<bpmn:sequenceFlow id="b" sourceRef="vote" targetRef="e"/></bpmn:process></bpmn:definitions>"""
FIELDS = {"choice": "同意", "reason": "改善出行", "households": 3}


def database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, body TEXT)")
    return connection


def start(
    count: int, connection: sqlite3.Connection, serializer: BpmnWorkflowSerializer
) -> tuple[int | None, float]:
    parser = BpmnParser()
    parser.add_bpmn_str(MODEL.format(count=count).encode())
    specification = parser.get_spec("p")
    before = time.process_time()
    workflow = BpmnWorkflow(specification)
    workflow.do_engine_steps()
    body = serializer.serialize_json(workflow)
    connection.execute("BEGIN IMMEDIATE")
    key = connection.execute("INSERT INTO instance (body) VALUES (?)", [body]).lastrowid
    connection.execute("COMMIT")
    return key, (time.process_time() - before) * 1000


def complete(key: int | None, connection: sqlite3.Connection, serializer: BpmnWorkflowSerializer) -> float:
    before = time.process_time()
    connection.execute("BEGIN IMMEDIATE")
    [body] = connection.execute("SELECT body FROM instance WHERE id = ?", [key]).fetchone()
    workflow = serializer.deserialize_json(body)
    task = next(workflow.get_tasks_iterator(state=TaskState.READY, manual=True))
    task.data.update(FIELDS)
    task.run()
    workflow.do_engine_steps()
    connection.execute(
        "UPDATE instance SET body = ? WHERE id = ?", [serializer.serialize_json(workflow), key]
    )
    connection.execute("COMMIT")
    return (time.process_time() - before) * 1000


def main() -> None:
    connection = database(Path(sys.argv[1]) / "spiff.db")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    starts = [start(1, connection, serializer)[1] for _ in range(30)]
    figures = {"start": statistics.median(starts)}
    for count in map(int, sys.argv[2:]):
        key, _ = start(count, connection, serializer)
        rounds = 5 if count <= 1000 else 3
        figures[str(count)] = statistics.median(complete(key, connection, serializer) for _ in range(rounds))
    print(json.dumps(figures))


main()
