"""What models may call for a meeting, by job type."""

from __future__ import annotations

from engine.registry import Handler, Registry
from workflows.meetings import convening, deciding

HANDLERS: dict[str, Handler] = {
    "council.form_roster": convening.form_roster,
    "council.draw_residents": convening.draw_residents,
    "council.send_notice": convening.send_notice,
    "council.attendance": convening.attendance,
    "council.reconvene": convening.reconvene,
    "council.replace_member": convening.replace_member,
    "council.open_ballot": deciding.open_ballot,
    "council.check_paper": deciding.check_paper,
    "council.tally": deciding.tally,
    "council.publish_resolution": deciding.publish_resolution,
    "council.resume_publicity": deciding.resume_publicity,
    "council.publish_result": deciding.publish_result,
    "council.archive": deciding.archive,
}


def register(registry: Registry) -> None:
    """Make the handlers known."""
    for job_type, handler in HANDLERS.items():
        registry.service_task(job_type)(handler)
