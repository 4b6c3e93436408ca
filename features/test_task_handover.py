from __future__ import annotations

from pytest_bdd import scenarios

scenarios("task_handover.feature")
