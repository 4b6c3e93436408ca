"""What the product teaches the engine: service tasks, sinks for special user tasks, functions for FEEL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.declarations import NO_NAMES, Names, declared
from engine.feel import FeelFunction, FunctionRegistry
from engine.ports import Roster
from engine.rosters import KIND, NAME, is_roster

if TYPE_CHECKING:
    from engine.outbox import Letter
    from engine.runtime import Work
    from engine.user_tasks import UserTask

Variables = Mapping[str, Any]
Declaration = str | Iterable[str]


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a service task handler is given.

    ``variables`` are all variables visible at the task (JSON-ready), ``headers`` its task headers.
    The handler writes through ``work.connection`` into the transaction of the action that led here.
    """

    work: Work
    variables: Variables
    headers: Mapping[str, str]
    instance_key: int
    element_id: str
    matter_no: str


Handler = Callable[[JobContext], Mapping[str, Any] | None]
Courier = Callable[["Letter"], None]
Sink = Callable[["Work", "UserTask", Mapping[str, Any], Variables], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MatterEnded:
    """A matter that has just ended; ``end_event`` is the end event it reached, ``None`` if it was stopped."""

    instance_key: int
    process_id: str
    matter_no: str
    title: str
    started_by: str
    end_event: str | None


Listener = Callable[["Work", MatterEnded], None]


class Registry:
    """Filled once at the composition root, read-only afterwards."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}
        self._reads: dict[str, Names] = {}
        self._writes: dict[str, Names] = {}
        self._shows: dict[str, Names] = {}
        self._sinks: dict[str, Sink] = {}
        self._rosters: dict[str, Roster] = {}
        self._couriers: dict[str, Courier] = {}
        self._functions: dict[str, FeelFunction] = {}
        self.listeners: list[Listener] = []

    def service_task(
        self, job_type: str, *, inputs: Declaration = (), outputs: Declaration = ()
    ) -> Callable[[Handler], Handler]:
        """Register the handler of a job type (``zeebe:taskDefinition type``).

        ``inputs`` are the variables it cannot do without, ``outputs`` those it may return, declared as in
        :mod:`engine.declarations`; a deployment checks models against them, and to return another one is a fault.
        """
        register = _registering(self._handlers, job_type)
        self._reads[job_type], self._writes[job_type] = declared(inputs), declared(outputs)
        return register

    def completion(self, kind: str, *, outputs: Declaration = ()) -> Callable[[Sink], Sink]:
        """Register where the data of user tasks with the header ``gov.kind`` goes instead of variables.

        ``outputs`` are the variables the sink returns for them.
        """
        self._writes[f"{KIND}={kind}"] = declared(outputs)
        return _registering(self._sinks, kind)

    def roster(
        self, name: str, roster: Roster, *, outputs: Declaration = (), shows: Declaration = ()
    ) -> None:
        """Register a roster that tasks with the header ``gov.kind=roster`` name in ``gov.roster``.

        ``outputs`` are the variables its conclusion brings, ``shows`` those its form reads of each person.
        """
        self._writes[f"{NAME}={name}"] = declared(outputs)
        self._shows[name] = declared(shows)
        _registering(self._rosters, name)(roster)

    def delivery(self, topic: str) -> Callable[[Courier], Courier]:
        """Register who delivers the letters of a topic (:mod:`engine.outbox`), called outside any transaction."""
        return _registering(self._couriers, topic)

    def feel(
        self, name: str, parameters: Sequence[str]
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a FEEL function; the callable takes FEEL values by position."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self._functions[name] = FeelFunction(function, tuple(parameters))
            return function

        return register

    def matter_ended(self, listener: Listener) -> Listener:
        """Register what is called once when a matter has ended, in the transaction that ended it."""
        self.listeners.append(listener)
        return listener

    def handler(self, job_type: str) -> Handler | None:
        return self._handlers.get(job_type)

    def reads(self, job_type: str) -> Names:
        """The variables a handler cannot do without."""
        return self._reads.get(job_type, NO_NAMES)

    def writes(self, job_type: str) -> Names:
        """The variables a handler may return."""
        return self._writes.get(job_type, NO_NAMES)

    def task_writes(self, headers: Mapping[str, str]) -> Names | None:
        """The variables of a user task of a special kind; ``None`` for one whose form is what it writes."""
        if KIND not in headers:
            return None
        key = f"{NAME}={headers.get(NAME)}" if is_roster(headers) else f"{KIND}={headers[KIND]}"
        return self._writes.get(key, NO_NAMES)

    def task_shows(self, headers: Mapping[str, str]) -> Names:
        """What a user task shows to each person beside the variables."""
        return self._shows.get(headers.get(NAME, ""), NO_NAMES)

    def job_types(self) -> list[str]:
        """The job types that have a handler."""
        return sorted(self._handlers)

    def roster_names(self) -> list[str]:
        return sorted(self._rosters)

    def sink(self, kind: str) -> Sink | None:
        return self._sinks.get(kind)

    def courier(self, topic: str) -> Courier | None:
        return self._couriers.get(topic)

    def roster_named(self, name: str) -> Roster | None:
        return self._rosters.get(name)

    def functions(self) -> FunctionRegistry:
        """The registered functions together with the engine's own (``cycle``)."""
        return FunctionRegistry({"cycle": FeelFunction(_cycle, ("次数", "间隔")), **self._functions})


def _registering(table: dict[str, Any], name: str) -> Callable[[Any], Any]:
    def register(entry: Any) -> Any:
        if name in table:
            raise ValueError(f"{name} is registered twice")
        table[name] = entry
        return entry

    return register


def _cycle(repetitions: Any, interval: Any) -> str:
    """``cycle(3, duration("PT24H"))`` as ISO 8601 text."""
    return f"R{'' if repetitions is None else int(repetitions)}/{interval}"
