"""The organisation in the database: who fills which lane, and what forms offer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from engine.runtime import Work
from engine.store.database import Store
from workflows.demo.loading import load_organisation
from workflows.organisation import store as organisation
from workflows.organisation.errors import UnknownBody, UnknownPerson, UnknownSeat
from workflows.organisation.importer import import_organisation
from workflows.organisation.model import PlaceKind, Post
from workflows.organisation.options import NAMES, options
from workflows.organisation.resolver import OrganisationResolver
from workflows.organisation.rules import LANES

TODAY = date(2026, 11, 22)
COUNCIL_ROLES = [
    "chair",
    "member",
    "secretariat",
    "moderator",
    "recorder",
    "teller",
    "supervisor",
    "subdistrict",
]


@dataclass
class InCommunity:
    """As much of a unit of work as the resolver reads."""

    connection: Connection
    community: str = "jsjy"
    now: datetime = datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.fixture
def connection(shared_store: Store) -> Iterator[Connection]:
    """The demonstration's organisation."""
    with shared_store.snapshot() as connection:
        load_organisation(connection)
        yield connection


def resolved(connection: Connection, role: str, **variables: Any) -> list[str]:
    work = cast("Work", InCommunity(connection))
    found = OrganisationResolver().resolve(work, role, variables)
    return [*found.groups, *found.users]


def members(connection: Connection, role: str, **variables: Any) -> list[str]:
    groups = resolved(connection, role, **variables)
    return [person for group in groups for person in organisation.members(connection, group, TODAY)]


def test_the_community_has_its_grids_and_its_bodies(connection: Connection) -> None:
    assert len(organisation.places(connection, "jsjy", PlaceKind.GRID)) == 29
    bodies = {
        body.id: len(organisation.seats(connection, body.id))
        for body in organisation.bodies(connection, "jsjy")
    }
    assert bodies == {"jsjy-council": 8, "jsjy-joint6": 6, "jsjy-g12-council": 5}


def test_loading_again_does_nothing(connection: Connection) -> None:
    assert not load_organisation(connection)


@pytest.mark.parametrize("body", ["jsjy-council", "jsjy-joint6", "jsjy-g12-council"])
def test_every_role_of_the_council_is_filled_by_somebody(connection: Connection, body: str) -> None:
    assert [role for role in COUNCIL_ROLES if not members(connection, role, body_id=body)] == []


def test_every_lane_of_the_table_can_be_resolved(connection: Connection) -> None:
    for role in LANES:
        assert OrganisationResolver().known(role)
        resolved(connection, role, body_id="jsjy-council")
    assert not OrganisationResolver().known("somebody")


def test_the_chair_is_the_core_seat_of_the_matters_body(connection: Connection) -> None:
    assert members(connection, "chair", body_id="jsjy-council") == ["u0102"]
    assert members(connection, "chair", body_id="jsjy-g12-council") == ["u0023"]


def test_a_recused_chair_is_replaced_by_the_subdistrict(connection: Connection) -> None:
    groups = resolved(connection, "chair", body_id="jsjy-council", recused_seats=["party"])
    assert groups == ["subdistrict@huangtun"]


def test_a_vacant_chair_is_replaced_by_the_subdistrict(connection: Connection) -> None:
    organisation.fill_seat(connection, "jsjy-council", "party", None, None, "尚未任命")
    assert resolved(connection, "chair", body_id="jsjy-council") == ["subdistrict@huangtun"]


def test_a_post_is_looked_for_from_the_grid_outwards(connection: Connection) -> None:
    assert members(connection, "grid_worker", grid_id="jsjy-g12") == ["u0024"]
    assert resolved(connection, "secretariat", grid_id="jsjy-g12") == ["secretariat@jsjy"]
    assert resolved(connection, "leader", grid_id="jsjy-g12") == ["leader@huangtun"]


def test_before_there_is_a_matter_a_post_counts_in_every_grid_that_has_it(connection: Connection) -> None:
    anywhere = resolved(connection, "grid_worker")
    assert {"grid_worker@jsjy-g12", "grid_worker@jsjy-g01"} <= set(anywhere)
    assert resolved(connection, "grid_worker", matter_no="TZ-2026-0001") == ["grid_worker@jsjy"]


def test_a_post_nobody_holds_waits_at_the_community(connection: Connection) -> None:
    for person in ("u0126", "u0127"):
        organisation.dismiss(connection, person, "secretariat", "jsjy")
    assert resolved(connection, "secretariat") == ["secretariat@jsjy"]
    assert members(connection, "secretariat") == []


def test_a_party_is_a_person_or_an_organisation_of_the_matter(connection: Connection) -> None:
    assert resolved(connection, "proposer", initiator="u0204") == ["u0204"]
    assert members(connection, "executor", executor_org="jsjy-property") == ["u0110", "u0111"]
    assert resolved(connection, "executor") == ["community@jsjy"]


def test_principals_and_members_are_two_sides_of_the_same_thing(connection: Connection) -> None:
    secretary = organisation.principals(connection, "u0102", TODAY)
    assert {"u0102", "seat:party@jsjy-council", "seat:party@jsjy-joint6"} <= secretary
    assert "seat:party@jsjy-council" not in organisation.principals(connection, "u0103", TODAY)
    for person in ("u0126", "u0110", "u0100", "u0201", "admin"):
        for group in organisation.principals(connection, person, TODAY) - {person}:
            assert person in organisation.members(connection, group, TODAY)


def test_an_appointment_counts_within_its_dates_only(connection: Connection) -> None:
    organisation.appoint(connection, Post("u0201", "teller", "jsjy", date(2026, 12, 1), None))
    assert "teller@jsjy" not in organisation.principals(connection, "u0201", TODAY)
    assert "teller@jsjy" in organisation.principals(connection, "u0201", date(2026, 12, 1))


def test_a_new_representative_takes_the_seat_over(connection: Connection) -> None:
    organisation.fill_seat(connection, "jsjy-council", "property", "u0111", None)
    assert "seat:property@jsjy-council" in organisation.principals(connection, "u0111", TODAY)
    assert "seat:property@jsjy-council" not in organisation.principals(connection, "u0110", TODAY)


def test_forms_are_offered_people_places_and_the_seats_of_the_matters_body(connection: Connection) -> None:
    offered = options(connection, "jsjy", {"body_id": "jsjy-joint6"})
    assert offered.keys() == NAMES
    assert {name: len(offered[name]) for name in ("grids", "buildings", "bodies", "council_seats")} == {
        "grids": 29,
        "buildings": 29,
        "bodies": 3,
        "council_seats": 6,
    }
    assert {"value": "u0102", "label": "尤佑安（社区党委书记）"} in offered["people"]
    assert {"value": "jsjy-property", "label": "物业管理公司"} in offered["orgs"]
    assert offered["council_seats"][0] == {
        "seat": "party",
        "seat_name": "社区党组织",
        "core": True,
        "titular": "u0102",
        "titular_name": "尤佑安",
        "alternate": "u0103",
        "alternate_name": "彭宏图",
    }
    values = [one["value"] for one in offered["everybody"]]
    assert len(values) == len(set(values))
    assert set(values) == {one["value"] for name in ("people", "residents") for one in offered[name]}
    assert "u0083" not in values  # another community's secretary


def test_what_is_not_there_is_refused_in_chinese(connection: Connection) -> None:
    with pytest.raises(UnknownPerson, match="登记"):
        organisation.appoint(connection, Post("u9999", "teller", "jsjy"))
    with pytest.raises(UnknownBody, match="席位表"):
        organisation.body_of(connection, "jsjy", "ygcs-council")
    with pytest.raises(UnknownSeat, match="核对"):
        organisation.fill_seat(connection, "jsjy-council", "mayor", "u0102", None)


def test_an_unknown_post_is_not_imported(connection: Connection) -> None:
    document = {name: [] for name in ("places", "people", "organisations", "bodies")}
    with pytest.raises(ValueError, match="mayor"):
        import_organisation(
            connection, {**document, "posts": [{"person": "u0102", "role": "mayor", "place": "jsjy"}]}
        )
