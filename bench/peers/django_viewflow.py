"""django-viewflow by its Python interface, on SQLite with the same durability.

It has no multi-instance task: its own way to so many open tasks is a split with one view for each.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings

FOLDER = Path(sys.argv[1])
(FOLDER / "ballots").mkdir()
for name in ("__init__.py", "flows.py"):  # flows have to belong to an application
    (FOLDER / "ballots" / name).touch()
sys.path.insert(0, str(FOLDER))

settings.configure(
    INSTALLED_APPS=[
        "ballots",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "viewflow",
        "viewflow.workflow",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "viewflow.db",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            },
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

import ballots.flows  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.views.generic import View  # noqa: E402
from viewflow import this  # noqa: E402
from viewflow.workflow import STATUS, flow  # noqa: E402
from viewflow.workflow.models import Process  # noqa: E402

FIELDS = {"choice": "同意", "reason": "改善出行", "households": 3}


def flow_class(count: int) -> Any:
    split = flow.Split()
    nodes = {"start": flow.StartHandle().Next(this.split), "split": split, "join": flow.Join().Next(this.end)}
    for index in range(count):
        split.Next(getattr(this, f"vote{index}"))
        nodes[f"vote{index}"] = flow.View(View.as_view()).Next(this.join)
    members = {"__module__": "ballots.flows", "process_class": Process, **nodes, "end": flow.End()}
    ballot = type(f"Ballot{count}", (flow.Flow,), members)
    setattr(ballots.flows, ballot.__name__, ballot)
    return ballot


def start(ballot: Any) -> float:
    before = time.process_time()
    with transaction.atomic():
        ballot.start.run()
    return (time.process_time() - before) * 1000


def complete(ballot: Any, user: User) -> float:
    [key] = ballot.task_class.objects.filter(process__flow_class=ballot, status=STATUS.NEW).values_list(
        "pk", flat=True
    )[:1]
    before = time.process_time()
    with transaction.atomic():
        task = ballot.task_class.objects.select_related("process").get(pk=key)
        activation = task.flow_task.activation_class(task)
        activation.assign(user)
        activation.start(None)
        process = activation.process
        process.data = {**(process.data or {}), task.flow_task.name: FIELDS}
        process.save()
        activation.execute()
    return (time.process_time() - before) * 1000


def main() -> None:
    call_command("migrate", verbosity=0)
    user = User.objects.create_superuser("u0")
    small = flow_class(1)
    figures = {"start": statistics.median(start(small) for _ in range(30))}
    for count in map(int, sys.argv[2:]):
        ballot = flow_class(count)
        start(ballot)
        rounds = [complete(ballot, user) for _ in range(min(count - 2, 20))]
        done = ballot.task_class.objects.filter(
            process__flow_class=ballot, finished__isnull=False, owner=user
        )
        assert done.count() == len(rounds)
        figures[str(count)] = statistics.median(rounds)
    print(json.dumps(figures))


main()
