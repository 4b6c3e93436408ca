"""The composition root: the one place where engine, workflows and web are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine import worklist
from engine.clock import Clock, PinnableClock, SystemClock
from engine.registry import Registry
from engine.runtime import Actor, Engine, Work
from engine.store.database import Store
from web import demo_people, receipts
from web.attachments import Attachments
from web.demo_clock import DemoClock
from web.form_port import Forms
from web.forms import Attachment
from web.samples import sample
from web.security import Throttle
from web.settings import Settings
from workflows.accounts import store as accounts
from workflows.ballots import completion as ballot_box
from workflows.ballots import feel as arithmetic
from workflows.calendar import feel as deadlines
from workflows.calendar.model import Calendar
from workflows.calendar.store import CurrentCalendar
from workflows.issues import service_tasks as issues
from workflows.ledger import service_tasks as ledger
from workflows.matters.store import number_matter
from workflows.meetings import service_tasks as meetings
from workflows.moments import local_date
from workflows.notices import service_tasks as reminders
from workflows.notices import store as notices
from workflows.organisation import store as organisation
from workflows.organisation.options import options
from workflows.organisation.resolver import OrganisationResolver
from workflows.reviews import options as review_options
from workflows.reviews import rosters as review_rosters
from workflows.reviews import service_tasks as reviews

ADMINISTRATOR = "process_admin"
"""The post whose holders deploy processes and retry incidents."""

DECIDERS = ("rule_admin", ADMINISTRATOR)
"""The posts whose holders decide on publications; never on their own."""

DEMO_ADMINISTRATOR = ("admin", "demo")
"""The name and password that demo mode, on the loopback address only, lets programs in with."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: whose community it is, how many tasks and messages wait for the reader."""

    community_name: str
    tasks: int = 0
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    """One running installation: the engine with everything it was taught, and what pages ask beside it."""

    settings: Settings
    store: Store
    engine: Engine
    forms: Forms
    calendar: Callable[[], Calendar]
    attachments: Attachments
    throttle: Throttle

    def actor(self, person: str) -> Actor | None:
        """A person with everything they may act as today; None when unknown or when their account is closed."""
        today = local_date(self.engine.clock.now())
        with self.store.snapshot() as connection:
            found = organisation.standing(connection, person, today)
            if found is None or accounts.is_closed(connection, person):
                return None
        return Actor(person, found.name, found.principals)

    def is_administrator(self, actor: Actor) -> bool:
        """Whether the person may deploy processes and retry incidents."""
        return actor.holds([ADMINISTRATOR], self.settings.community)

    def may_decide(self, actor: Actor) -> bool:
        """Whether the person may decide on publications others ask for."""
        return actor.holds(DECIDERS, self.settings.community)

    def deciders(self, work: Work) -> list[str]:
        """Everybody who may decide on publications."""
        today = local_date(work.now)
        held = (organisation.holders(work.connection, post, work.community, today) for post in DECIDERS)
        return list(dict.fromkeys(person.id for people in held for person in people))

    def authenticate(self, username: str, password: str, address: str) -> str | None:
        """The person with this name and password, or None; failures count against the account and the address."""
        if self.throttle.wait(address):
            return None
        if self.settings.demo and (username, password) == DEMO_ADMINISTRATOR:
            return DEMO_ADMINISTRATOR[0]
        person = accounts.sign_in(self.store, username, password, self.engine.clock.now())
        (self.throttle.succeeded if person else self.throttle.failed)(address)
        return person

    def demo_groups(self) -> list[demo_people.Group]:
        """Whom one may be at one click, in demo mode."""
        with self.store.snapshot() as connection:
            today = local_date(self.engine.clock.now())
            return demo_people.groups(connection, self.settings.community, today)

    def keep_sample(self, work: Work, instance_key: int, name: str) -> Attachment:
        """A file for the demo's papers."""
        return self.attachments.keep(work, instance_key, sample(name))

    def offered(self, connection: Connection, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The option lists of forms: people, seats, places, and those of a review."""
        return _offered(connection, self.settings.community, variables)

    def frame(self, actor: Actor | None) -> Frame:
        """What stands around every page, for somebody or for a stranger."""
        community = self.settings.community
        if actor is None:
            return Frame(self.community_name())
        with self.engine.look(actor, community) as work:
            name = organisation.place_name(work.connection, community)
            return Frame(name, worklist.waiting(work), notices.unread(work.connection, actor.id))

    def community_name(self) -> str:
        """The name over every page."""
        with self.store.snapshot() as connection:
            return organisation.place_name(connection, self.settings.community)


def build(settings: Settings, clock: Clock | None = None, store: Store | None = None) -> Product:
    """Open the database, unless a store is given, and teach the engine what governance needs."""
    store = store or Store.open(settings.database_url)
    calendar = CurrentCalendar(store)
    registry = Registry()
    teach(registry, calendar)

    def offered(variables: Mapping[str, Any]) -> Mapping[str, Any]:
        with store.snapshot() as connection:
            return _offered(connection, settings.community, variables)

    forms = Forms(registry.functions(), offered)
    present = clock or _clock(settings)
    engine = Engine(
        store,
        registry=registry,
        groups=OrganisationResolver(),
        forms=forms,
        numbering=number_matter,
        clock=present,
        communities=lambda work: [place.id for place in organisation.communities(work.connection)],
    )
    return Product(
        settings=settings,
        store=store,
        engine=engine,
        forms=forms,
        calendar=calendar,
        attachments=Attachments(settings.attachments_directory),
        throttle=Throttle(present.now),
    )


def teach(registry: Registry, calendar: Callable[[], Calendar]) -> None:
    """What models may call: functions, service tasks and special kinds of user tasks."""
    deadlines.register(registry, calendar)
    arithmetic.register(registry)
    ballot_box.register(registry, receipts.hand_over)
    meetings.register(registry)
    issues.register(registry)
    ledger.register(registry)
    reminders.register(registry)
    reviews.register(registry)
    review_rosters.register(registry, receipts.hand_over)


def _offered(connection: Connection, community: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **options(connection, community, variables),
        **review_options.options(connection, community, variables),
    }


def _clock(settings: Settings) -> Clock:
    if settings.test_clock:
        return PinnableClock()
    return DemoClock(settings.demo_clock_file) if settings.demo else SystemClock()
