"""Interfaces for programs: ``/v2`` speaks to existing clients, ``/gov/v1`` adds what governance needs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Blueprint, Flask, jsonify

from web.api import openapi, operations
from web.api.converters import AnythingConverter, DigitsConverter, KeyConverter
from web.api.gov import ballots, handing, interventions, issues, matters, me, publicity, talk, tasks
from web.api.limits import RateLimit
from web.api.operations import Area
from web.api.v2 import (
    audit,
    changes,
    clock,
    cluster,
    decisions,
    definitions,
    deployments,
    elements,
    expressions,
    forms,
    identity,
    incidents,
    instances,
    jobs,
    messages,
    user_tasks,
    variables,
)
from web.wiring import Product

V2: tuple[Area, ...] = (
    cluster.area,
    deployments.area,
    definitions.area,
    instances.area,
    changes.area,
    user_tasks.area,
    variables.area,
    elements.area,
    messages.area,
    jobs.area,
    incidents.area,
    decisions.area,
    forms.area,
    expressions.area,
    audit.area,
    identity.area,
    clock.area,
)
GOVERNANCE: tuple[Area, ...] = (
    me.area,
    matters.area,
    handing.area,
    tasks.area,
    ballots.area,
    talk.area,
    publicity.area,
    issues.area,
    interventions.area,
)

BLUEPRINTS = {"engine_api": ("/v2", V2), "governance_api": ("/gov/v1", GOVERNANCE)}
"""Blueprints by name: where each is found and what it offers."""


def register(app: Flask, product: Product) -> None:
    """Add every operation to the application."""
    app.url_map.converters.update(anything=AnythingConverter, digits=DigitsConverter, key=KeyConverter)
    limit = RateLimit(lambda: product.engine.clock.now().timestamp())
    for name, (prefix, areas) in BLUEPRINTS.items():
        blueprint = Blueprint(name, __name__, url_prefix=prefix)
        operations.publish(blueprint, areas, limit)
        app.register_blueprint(blueprint)
    described = Blueprint("api_description", __name__)
    described.add_url_rule("/openapi.json", "openapi", lambda: jsonify(description()))
    app.register_blueprint(described)


@cache
def description() -> Mapping[str, Any]:
    """The OpenAPI document of everything programs may call."""
    return openapi.document(BLUEPRINTS.values())
