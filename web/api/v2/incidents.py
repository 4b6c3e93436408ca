"""Incidents: tokens that cannot go on by themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, select

from engine import incidents
from engine.runtime import Work
from engine.store import tables
from web.api.fields import MAX_KEY, Always, Body, Instant, Key, Text, Whole
from web.api.operations import Area, Call
from web.api.rules import Rule, Scope
from web.api.search import Search
from web.api.v2.columns import OfElement, belonging, of_instance

area = Area("事故")

ERROR_TYPES = {
    "JOB": "JOB_NO_RETRIES",
    "ERROR": "UNHANDLED_ERROR_EVENT",
    "MODEL": "EXTRACT_VALUE_ERROR",
}
"""The engine's kinds in the interface's words."""


class Incident(OfElement):
    errorType = Text()
    errorMessage = Text()
    creationTime = Instant()
    state = Text()
    incidentKey = Key()
    jobKey = Always()


class Resolution(Body):
    operationReference = Whole(least=1, most=MAX_KEY)


def _incidents(work: Work) -> Select[Any]:
    incident, instance = tables.incident, tables.instance
    return (
        select(
            *belonging(instance),
            case(ERROR_TYPES, value=incident.c.kind, else_="UNKNOWN").label("errorType"),
            incident.c.message.label("errorMessage"),
            incident.c.element_id.label("elementId"),
            incident.c.raised_at.label("creationTime"),
            case((incident.c.resolved_at.is_(None), "ACTIVE"), else_="RESOLVED").label("state"),
            incident.c.key.label("incidentKey"),
            incident.c.element_key.label("elementInstanceKey"),
        )
        .join(instance, of_instance(incident))
        .where(incident.c.community == work.community)
    )


INCIDENTS = Search(_incidents, Incident, "incidentKey", "事故")

area.searches("/incidents/search", "searchIncidents", "查找事故", INCIDENTS, rule=Rule.OVERSEER)
area.shows("/incidents/<key:key>", "getIncident", "查看事故", INCIDENTS, rule=Rule.OVERSEER)


@area.post(
    "/incidents/<key:key>/resolution",
    "resolveIncident",
    "解决事故：把没办成的一步再试一次",
    rule=Rule.ADMINISTRATOR,
    scope=Scope.ADMIN,
    body=Resolution,
)
def resolve(call: Call, key: int) -> None:
    incidents.retry(call.work, key)
