"""Random sound models, walked at random, with a restart after every step: nothing is lost, doubled or invented."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, event, given, note, seed, settings
from hypothesis import strategies as st

from engine import history, incidents, instances, messages, user_tasks
from engine.clock import VirtualClock
from engine.deployments import Resource, deploy
from engine.registry import Registry
from engine.runtime import Engine
from engine.store import tables
from engine.store.database import Store
from tests.faults.seed import SEED, many
from tests.integration.engine.blocks import (
    MESSAGES,
    Again,
    Block,
    Branches,
    Each,
    Guarded,
    Place,
    Sequential,
    Task,
    model,
    named,
)
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, process
from tests.integration.engine.conftest import START, AnyForm, Numbers, Roles
from tests.integration.engine.play import LIVE

MOST_STEPS = 14
EXAMPLES = many(50, 5_000)  # on each kind of database
_numbers = count(1)


def _branches(gateway: str, parts: st.SearchStrategy[Block], all_of_them: bool) -> st.SearchStrategy[Block]:
    def build(found: list[Block], chosen: set[int]) -> Block:
        wanted = set(range(len(found))) if all_of_them else {index % len(found) for index in chosen}
        one = {min(wanted)} if gateway == "exclusiveGateway" else wanted
        return Branches(gateway, found, frozenset(one))

    return st.builds(build, st.lists(parts, min_size=2, max_size=3), st.sets(st.integers(0, 2), min_size=1))


def _blocks(parts: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    return st.one_of(
        st.builds(Sequential, st.lists(parts, min_size=2, max_size=3)),
        _branches("parallelGateway", parts, all_of_them=True),
        _branches("exclusiveGateway", parts, all_of_them=False),
        _branches("inclusiveGateway", parts, all_of_them=False),
        st.builds(Again, parts, st.integers(2, 3)),
        st.builds(Each, parts, st.integers(1, 3), st.booleans()),
    )


INNER = st.recursive(st.just(Task("t")), _blocks, max_leaves=5)
GUARDED = st.builds(Guarded, st.just(MESSAGES), INNER, INNER)
MODELS = st.one_of(
    INNER,
    GUARDED,
    st.builds(Sequential, st.lists(GUARDED, min_size=2, max_size=2)),
    _branches("parallelGateway", GUARDED, all_of_them=True),
)


class Restarting:
    """Every action by a new engine on the same database, as after a restart."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        self._store = store
        self._clock = clock
        self._numbers = Numbers()
        self._marker = next(_numbers)
        self.engine = self._fresh()

    def _fresh(self) -> Engine:
        ports = {"groups": Roles(), "forms": AnyForm(), "numbering": self._number, "clock": self._clock}
        return Engine(self._store, registry=Registry(), **ports)

    def _number(self, work: object, process_id: str) -> str:
        return f"{self._marker}-{self._numbers(work, process_id)}"

    def start(self, block: Block) -> int:
        engine, process_id = self.engine, f"matter_{self._marker}"
        body, declared = model(block)
        content = process(body, process_id=process_id, extra=declared)
        with engine.work(CLERK, PLACE) as work:
            deploy(work, [Resource(f"{process_id}.bpmn", content), Resource("any.form", ANY_FORM)])
        with engine.work(CLERK, PLACE) as work:
            return instances.start(work, process_id, {})

    def open(self, instance_key: int) -> dict[Place, int]:
        """What is open, with the key of the task (0 for messages)."""
        found: dict[Place, int] = {}
        with self.engine.look(CLERK, PLACE) as work:
            execution = work.execution(instance_key)
            table = tables.user_task
            match = (table.c.instance_key == instance_key, table.c.state == "CREATED")
            for row in work.connection.execute(table.select().where(*match)):
                element = execution.elements.get(row.element_key)
                assert element is not None
                chain = reversed(execution.elements.chain(element))
                place = (row.element_id, tuple(e.loop_index for e in chain if e.loop_index is not None))
                assert place not in found
                found[place] = row.key
            waits = tables.subscription.select().where(tables.subscription.c.instance_key == instance_key)
            found.update({(row.name, ()): 0 for row in work.connection.execute(waits)})
        return found

    def left(self, instance_key: int) -> dict[str, int]:
        """Rows of the matter that must be gone when it has ended."""
        with self.engine.look(CLERK, PLACE) as work:
            own = {table: table.select().where(table.c.instance_key == instance_key) for table in LIVE}
            counts = {table.name: len(work.connection.execute(rows).all()) for table, rows in own.items()}
        return {name: number for name, number in counts.items() if number}

    def act(self, instance_key: int, place: Place, task_key: int) -> None:
        self.engine = self._fresh()
        with self.engine.work(CLERK, PLACE) as work:
            if task_key:
                user_tasks.complete(work, task_key, {})
            else:
                matter_no = instances.get(work, instance_key).matter_no
                assert messages.publish(work, place[0], matter_no, {}) == 1


@seed(SEED)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(block=MODELS.map(named), data=st.data())
def test_a_matter_restarted_after_every_step_is_always_where_its_model_says(
    store: Store, block: Block, data: st.DataObject
) -> None:
    note(f"seed {SEED}")
    product = Restarting(store, VirtualClock(START))
    key = product.start(block)
    expected = block.begin(())
    for _ in range(MOST_STEPS):
        places = set(expected.open()) if expected is not None else set()
        found = product.open(key)
        assert set(found) == places
        if expected is None:
            break
        place = data.draw(st.sampled_from(sorted(places)), label="what happens")
        product.act(key, place, found[place])
        expected = expected.happen(place)
    with product.engine.look(CLERK, PLACE) as work:
        matter = instances.get(work, key)
        assert (matter.state == "COMPLETED") == (expected is None)
        assert history.verify(work, key).intact
        assert incidents.open_incidents(work, key) == []
    event("completed" if expected is None else "still running")
    if expected is not None:
        with product.engine.work(CLERK, PLACE) as work:
            instances.cancel(work, key)
    assert product.left(key) == {}
