"""Tables of the organisation and the questions asked of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    bindparam,
    delete,
    literal,
    or_,
    select,
    update,
)

from engine.store.statements import Query, ask
from workflows.organisation import rules
from workflows.organisation.errors import UnknownBody, UnknownPerson, UnknownSeat
from workflows.organisation.model import (
    Body,
    BodyKind,
    Organisation,
    Person,
    Place,
    PlaceKind,
    Post,
    Seat,
    Standing,
)
from workflows.store import metadata, upsert

RESIDENT = "resident"

Question = tuple[Query, Mapping[str, Any]]
Rows = Sequence[Any]

place = Table(
    "place",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(255), nullable=False),
    Column("parent", String(64), ForeignKey("place.id")),
    Column("position", Integer, nullable=False),
    Index("ix_place_parent", "parent"),
)

person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("title", String(255), nullable=False),
    Column("phone", String(32)),
    Column("home", String(64), ForeignKey("place.id")),
    Column("gender", String(4)),
    Column("born", Date),
    Index("ix_person_home", "home"),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("community", String(64), ForeignKey("place.id"), nullable=False),
    Column("name", String(255), nullable=False),
    Index("ix_organisation_community", "community"),
)

organisation_member = Table(
    "organisation_member",
    metadata,
    Column("organisation", String(64), ForeignKey("organisation.id"), primary_key=True),
    Column("person", String(64), ForeignKey("person.id"), primary_key=True),
    Index("ix_organisation_member_person", "person"),
)

post = Table(
    "post",
    metadata,
    Column("place", String(64), ForeignKey("place.id"), primary_key=True),
    Column("role", String(64), primary_key=True),
    Column("person", String(64), ForeignKey("person.id"), primary_key=True),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Index("ix_post_person", "person"),
)

body = Table(
    "body",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("community", String(64), ForeignKey("place.id"), nullable=False),
    Column("place", String(64), ForeignKey("place.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", String(255), nullable=False),
    Index("ix_body_community", "community"),
)

seat = Table(
    "seat",
    metadata,
    Column("body", String(64), ForeignKey("body.id"), primary_key=True),
    Column("seat", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", String(255), nullable=False),
    Column("core", Boolean, nullable=False),
    Column("titular", String(64), ForeignKey("person.id")),
    Column("alternate", String(64), ForeignKey("person.id")),
    Column("vacant_reason", String(255), nullable=False),
    Column("mandate_from", Date),
    Column("mandate_until", Date),
    Index("ix_seat_titular", "titular"),
    Index("ix_seat_alternate", "alternate"),
)


def _around() -> Select[Any]:
    """A place and all around it, the inmost first."""
    first = select(place.c.id, place.c.parent, literal(0).label("depth")).where(
        place.c.id == bindparam("start")
    )
    chain = first.cte(recursive=True)
    outwards = select(place.c.id, place.c.parent, chain.c.depth + 1).join(chain, place.c.id == chain.c.parent)
    chain = chain.union_all(outwards)
    return select(chain.c.id).order_by(chain.c.depth)


def _inside() -> Select[Any]:
    """A place and all inside it, in their order."""
    tree = select(place).where(place.c.id == bindparam("start")).cte(recursive=True)
    tree = tree.union_all(select(place).join(tree, place.c.parent == tree.c.id))
    return select(tree).order_by(tree.c.position)


_AROUND, _INSIDE = (
    _around(),
    _inside(),
)  # forms ask for them all the time, and building them takes longer than running


def place_chain(connection: Connection, start: str) -> list[str]:
    """The place and all around it, from the inside out; empty when there is no such place."""
    return list(connection.scalars(_AROUND, {"start": start}))


def places(connection: Connection, inside: str, kind: PlaceKind | None = None) -> list[Place]:
    """The place itself and those inside it at any depth, in their order; of one kind where it is given."""
    rows = connection.execute(_INSIDE, {"start": inside}).mappings()
    found = (Place(row["id"], PlaceKind(row["kind"]), row["name"], row["parent"]) for row in rows)
    return [one for one in found if kind in (None, one.kind)]


def place_name(connection: Connection, id_: str) -> str:
    """What a place is called; empty when there is none."""
    found = _PLACE_NAME.first(connection, {"place": id_})
    return "" if found is None else found.name


_PLACE_NAME = Query(select(place.c.name).where(place.c.id == bindparam("place")))


def communities(connection: Connection) -> list[Place]:
    """All communities, in their order."""
    rows = connection.execute(
        select(place).where(place.c.kind == PlaceKind.COMMUNITY).order_by(place.c.position)
    )
    return [Place(row.id, PlaceKind.COMMUNITY, row.name, row.parent) for row in rows]


def people(connection: Connection, ids: Collection[str]) -> dict[str, Person]:
    """Persons by id; unknown ids are left out."""
    rows = connection.execute(select(person).where(person.c.id.in_(ids))).mappings()
    return {row["id"]: _person(row) for row in rows}


def require_person(connection: Connection, id_: str) -> Person:
    """The person, or :class:`UnknownPerson`."""
    try:
        return people(connection, [id_])[id_]
    except KeyError:
        raise UnknownPerson(id_) from None


def bodies(connection: Connection, community: str) -> list[Body]:
    """The community's deliberating bodies, its council first."""
    rows = connection.execute(select(body).where(body.c.community == community)).mappings()
    order = list(BodyKind)
    return sorted(map(_body, rows), key=lambda one: (order.index(one.kind), one.id))


def body_of(connection: Connection, community: str, wanted: str | None) -> Body:
    """The body a matter names, by default the community's council; :class:`UnknownBody` if there is none."""
    for one in bodies(connection, community):
        if wanted in (None, one.id):
            return one
    raise UnknownBody(wanted, community)


def seats(connection: Connection, body_id: str) -> list[Seat]:
    """The seats of a body in the order of its seat table."""
    rows = connection.execute(select(seat).where(seat.c.body == body_id).order_by(seat.c.position)).mappings()
    return [_seat(row) for row in rows]


def principals(connection: Connection, person_id: str, today: date) -> frozenset[str]:
    """Everything a person may act as on that day: themselves, their posts, seats and organisations."""
    return _principals(person_id, today, *ask(connection, *_held_by(person_id)))


def standing(connection: Connection, person_id: str, today: date) -> Standing | None:
    """Who a person is and what they may act as on that day; ``None`` when nobody has this id.

    Every request asks for it, so that a change of seats holds from the next one on.
    """
    people, *held = ask(connection, (_NAME, {"person": person_id}), *_held_by(person_id))
    return Standing(people[0].name, _principals(person_id, today, *held)) if people else None


def _held_by(person_id: str) -> list[Question]:
    return [(query, {"person": person_id}) for query in (_POSTS, _SEATS, _MEMBERSHIPS)]


def _principals(person_id: str, today: date, posts: Rows, held: Rows, memberships: Rows) -> frozenset[str]:
    mine = (one for one in held if rules.holder(_seat(one._asdict()), today) == person_id)
    in_office = (one for one in posts if rules.in_office(one.valid_from, one.valid_until, today))
    return frozenset(
        {
            person_id,
            *(rules.post_group(one.role, one.place) for one in in_office),
            *(rules.seat_group(one.body, one.seat) for one in mine),
            *(rules.organisation_group(one.organisation) for one in memberships),
        }
    )


_of_person: BindParameter[str] = bindparam("person")
_NAME = Query(select(person.c.name).where(person.c.id == _of_person))
_POSTS = Query(select(post).where(post.c.person == _of_person))
_SEATS = Query(select(seat).where(or_(seat.c.titular == _of_person, seat.c.alternate == _of_person)))
_MEMBERSHIPS = Query(
    select(organisation_member.c.organisation).where(organisation_member.c.person == _of_person)
)


def nearest_post(connection: Connection, role: str, chain: Sequence[str], today: date) -> str | None:
    """The first place of the chain where somebody holds the post that day."""
    return next(iter(places_with_post(connection, role, chain, today)), None)


def places_with_post(connection: Connection, role: str, among: Sequence[str], today: date) -> list[str]:
    """Those of the places where somebody holds the post that day, in their order."""
    rows = connection.execute(select(post).where(post.c.role == role, post.c.place.in_(among))).mappings()
    filled = {row["place"] for row in rows if _in_office(row, today)}
    return [one for one in among if one in filled]


def holders(connection: Connection, role: str, place_id: str, today: date) -> list[Person]:
    """Who holds a post at a place that day, by id."""
    rows = connection.execute(
        select(post, *(column for column in person.c))
        .join(person, person.c.id == post.c.person)
        .where(post.c.role == role, post.c.place == place_id)
        .order_by(person.c.id)
    ).mappings()
    return [_person(row) for row in rows if _in_office(row, today)]


def posts_at(
    connection: Connection, roles: Collection[str], places: Collection[str], today: date
) -> list[Post]:
    """Who holds posts of these kinds at these places that day, by place, post and person."""
    match = (post.c.role.in_(roles), post.c.place.in_(places))
    rows = connection.execute(select(post).where(*match).order_by(post.c.place, post.c.role, post.c.person))
    return [Post(**row) for row in rows.mappings() if _in_office(row, today)]


def members(connection: Connection, group: str, today: date) -> list[str]:
    """The persons of a concrete group on that day."""
    kind, word, where = rules.read_group(group)
    if kind == "post":
        return [one.id for one in holders(connection, word, where, today)]
    if kind == "seat":
        held = (rules.holder(one, today) for one in seats(connection, where) if one.seat == word)
        return [person_id for person_id in held if person_id]
    mine = organisation_member.c.organisation == where
    return list(connection.scalars(select(organisation_member.c.person).where(mine)))


def residents(connection: Connection, grids: Collection[str]) -> list[Person]:
    """Those who live in the grids, by id."""
    rows = connection.execute(select(person).where(person.c.home.in_(grids)).order_by(person.c.id)).mappings()
    return [_person(row) for row in rows]


def officials(connection: Connection, community: str) -> list[Person]:
    """Those who hold a seat or a post other than resident in the community or above it, by id."""
    here = {*place_chain(connection, community), *(one.id for one in places(connection, community))}
    seated = select(seat.c.titular, seat.c.alternate).join(body, body.c.id == seat.c.body)
    ids = {
        id_ for row in connection.execute(seated.where(body.c.community == community)) for id_ in row if id_
    }
    ids.update(
        connection.scalars(select(post.c.person).where(post.c.place.in_(here), post.c.role != RESIDENT))
    )
    return sorted(people(connection, ids).values(), key=lambda one: one.id)


def organisations_at(connection: Connection, places: Collection[str]) -> list[Organisation]:
    """The organisations of the places, by id."""
    rows = connection.execute(
        select(organisation).where(organisation.c.community.in_(places)).order_by(organisation.c.id)
    )
    return [Organisation(row.id, row.community, row.name) for row in rows]


def organisation_names(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The names of organisations by id; unknown ids are left out."""
    rows = connection.execute(select(organisation).where(organisation.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def memberships(connection: Connection, ids: Collection[str]) -> list[tuple[str, str]]:
    """Who acts for the organisations: organisation and person, in order."""
    table = organisation_member
    rows = connection.execute(
        select(table.c.organisation, table.c.person)
        .where(table.c.organisation.in_(ids))
        .order_by(table.c.organisation, table.c.person)
    )
    return [(row.organisation, row.person) for row in rows]


def is_organisation(connection: Connection, id_: str) -> bool:
    """Whether the id names an organisation (and not a person)."""
    return connection.execute(select(organisation.c.id).where(organisation.c.id == id_)).first() is not None


def appoint(connection: Connection, appointment: Post) -> None:
    """Give a person a post; an appointment that exists gets the new dates."""
    require_person(connection, appointment.person)
    upsert(connection, post, [{name: getattr(appointment, name) for name in post.c.keys()}])  # noqa: SIM118


def dismiss(connection: Connection, person_id: str, role: str, place_id: str) -> None:
    """Take a post from a person."""
    match = (post.c.person == person_id, post.c.role == role, post.c.place == place_id)
    connection.execute(delete(post).where(*match))


def fill_seat(
    connection: Connection,
    body_id: str,
    seat_id: str,
    titular: str | None,
    alternate: str | None,
    reason: str = "",
) -> None:
    """Change who holds a seat; ``reason`` says why it is vacant when both are ``None``."""
    values = {"titular": titular, "alternate": alternate, "vacant_reason": reason}
    match = (seat.c.body == body_id, seat.c.seat == seat_id)
    if connection.execute(update(seat).where(*match).values(values)).rowcount == 0:
        raise UnknownSeat(body_id, seat_id)


def _in_office(row: RowMapping, today: date) -> bool:
    return rules.in_office(row["valid_from"], row["valid_until"], today)


def _person(row: RowMapping) -> Person:
    return Person(row["id"], row["name"], row["title"], row["home"], row["gender"], row["born"])


def _body(row: RowMapping) -> Body:
    return Body(row["id"], row["community"], row["place"], BodyKind(row["kind"]), row["name"])


def _seat(row: RowMapping | dict[str, Any]) -> Seat:
    return Seat(**{name: value for name, value in row.items() if name != "position"})
