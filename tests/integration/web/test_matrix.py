"""Every page against every role and object, from the URL map itself: a page nobody has classified fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

import pytest
from werkzeug.routing import Rule

from tests.integration.web.browser import Browser
from tests.integration.web.meeting import PROPOSAL, Browse
from web.pages.door import API_BLUEPRINTS, GUARDS, PUBLIC


class Kind(Enum):
    """What a page is about, which decides who finds it."""

    EVERYBODY = auto()
    MEMBER = auto()  # one's own things, or what every member may do
    TASK = auto()  # an open task: whom it concerns
    DONE = auto()  # a done task: its doer
    MATTER = auto()  # to read: whom the matter concerns, and who was sent a copy
    PART = auto()  # to act in: who takes part in the matter
    OTHER = auto()  # a matter of another process, by its number: no other matter is found there
    GUARDED = auto()  # holders of a post


PAGES: Mapping[str, Kind] = {
    "files.download": Kind.MATTER,
    "handing.act": Kind.TASK,
    "handing.ask": Kind.TASK,
    "handing.drop": Kind.TASK,
    "handing.recall": Kind.TASK,
    "handing.take_back": Kind.DONE,
    "matters.by_number": Kind.MATTER,
    "matters.diagram": Kind.MATTER,
    "matters.diagram_state": Kind.MATTER,
    "matters.paper": Kind.MATTER,
    "matters.show": Kind.MATTER,
    "matters.whole_diagram": Kind.MATTER,
    "matters.withdraw": Kind.PART,
    "ledger.change_executor": Kind.OTHER,
    "ledger.show": Kind.OTHER,
    "reviews.progress": Kind.OTHER,
    "reviews.withdraw": Kind.OTHER,
    "tasks.claim": Kind.TASK,
    "tasks.done": Kind.DONE,
    "tasks.release": Kind.TASK,
    "tasks.show": Kind.TASK,
    "tasks.submit": Kind.TASK,
    "together.add_file": Kind.PART,
    "together.ask_copies": Kind.PART,
    "together.comment": Kind.PART,
    "together.send_copies": Kind.PART,
    "together.urge": Kind.PART,
    **dict.fromkeys(
        (
            "demo.jump",
            "ledger.export",
            "ledger.index",
            "matters.choose",
            "matters.start",
            "me.mark_read",
            "me.notifications",
            "me.show",
            "notices.object_to",
            "session.sign_out",
            "tasks.inbox",
            "tokens.make",
            "tokens.revoke",
            "tokens.show",
        ),
        Kind.MEMBER,
    ),
    **dict.fromkeys(
        (
            "home.about",
            "home.display",
            "home.healthz",
            "home.index",
            "interfaces.show",
            "ledger.figures",
            "notices.board",
            "notices.show",
            "receipts.ask",
            "receipts.check",
            "report.ask",
            "report.progress",
            "report.show",
            "report.submit",
            "reviews.draw",
            "reviews.draw_csv",
            "reviews.index",
            "reviews.show",
            "session.demo",
            "session.sign_in",
            "static",
        ),
        Kind.EVERYBODY,
    ),
}
"""Each page by its endpoint; pages of a guarded blueprint are what the guard says (:data:`web.pages.door.GUARDS`)."""


def kind_of(endpoint: str) -> Kind | None:
    return Kind.GUARDED if endpoint.partition(".")[0] in GUARDS else PAGES.get(endpoint)


@dataclass(frozen=True)
class Scene:
    """A proposed topic that the secretary has on the desk, with a file; the supervisor was sent a copy."""

    browse: Browse
    values: dict[str, str]
    done: str

    def addresses(self, rule: Rule) -> Iterator[str]:
        """The rule with real keys; one for each word it may hold."""
        key = self.values["matter"] if rule.rule.startswith("/matters") else self.values["open"]
        key = self.done if kind_of(rule.endpoint) is Kind.DONE else key
        number, file = self.values["number"], self.values["file"]
        path = rule.rule.replace("<int:key>", key).replace("<int:signer>", key)
        path = path.replace("<int:task>", self.done).replace("<name>", file)
        path = path.replace("<matter_no>", number).replace("<number>", number)
        words = re.search(r"<any\(([^)]*)\):\w+>", path)
        for word in words.group(1).split(", ") if words else [""]:
            yield re.sub(r"<any[^>]*>", word, path)


@pytest.fixture
def scene(browse: Browse) -> Scene:
    resident = browse("resident")
    resident.get("/matters/new")
    resident.press("开始填写八位一体议事会")
    done = _number(resident.path)
    resident.submit(PROPOSAL, files={"evidence": 1})
    resident.follow("查看事项")
    matter = _number(resident.path)
    file = resident.html.xpath("//a[contains(@href, '/attachments/')]/@href")[0].rpartition("/")[2]
    number = re.search(r"YSH-\d{4}-\d{4}", resident.text)
    assert number is not None
    resident.follow("抄送给别人看")
    resident.submit({"persons": ["supervisor"]})
    secretary = browse("secretary")
    secretary.get("/tasks?view=claimable")
    secretary.follow("议题初审")
    secretary.press("认领这项任务")
    values = {"matter": matter, "open": _number(secretary.path), "file": file, "number": number.group()}
    return Scene(browse, values, done)


def _number(path: str) -> str:
    found = re.search(r"\d{6,}", path)
    assert found is not None
    return found.group()


def pages(browser: Browser, *kinds: Kind) -> list[Rule]:
    rules = browser.client.application.url_map.iter_rules()
    own = [rule for rule in rules if rule.endpoint.partition(".")[0] not in API_BLUEPRINTS]
    return [rule for rule in own if not kinds or kind_of(rule.endpoint) in kinds]


def asks(browser: Browser, rule: Rule, address: str) -> dict[str, int]:
    """The status of each method of a page, a change with the session's own token."""
    token = browser.html.xpath("//input[@name='csrf_token']/@value")[0]
    found = {}
    for method in sorted((rule.methods or set()) & {"GET", "POST"}):
        data = {"csrf_token": token, "_do": "submit"} if method == "POST" else None
        with browser.client.open(address, method=method, data=data) as answer:
            found[method] = answer.status_code
    return found


def test_every_page_is_classified(browse: Browse):
    endpoints = {rule.endpoint for rule in pages(browse(""))}
    assert {one for one in endpoints if kind_of(one) is None} == set()
    assert set(PAGES) - endpoints == set()
    assert {one for one in endpoints if kind_of(one) is Kind.EVERYBODY} == PUBLIC


def test_a_stranger_finds_only_what_is_for_everybody(scene: Scene):
    stranger = scene.browse("")
    for rule in pages(stranger):
        if kind_of(rule.endpoint) is Kind.EVERYBODY:
            continue
        for address in scene.addresses(rule):
            answers = asks(stranger, rule, re.sub(r"<[^>]+>", "1", address))
            assert set(answers.values()) == {302}, (address, answers)


def test_a_member_whom_it_does_not_concern_finds_nothing_of_a_matter(scene: Scene):
    neighbour = scene.browse("neighbour")
    neighbour.get("/me")
    tried = 0
    for rule in pages(neighbour, Kind.TASK, Kind.DONE, Kind.MATTER, Kind.PART):
        for address in scene.addresses(rule):
            assert set(asks(neighbour, rule, address).values()) == {404}, address
            tried += 1
    assert tried >= 25


def test_a_matter_of_another_process_looks_like_none(scene: Scene):
    neighbour = scene.browse("neighbour")
    neighbour.get("/me")
    for rule in pages(neighbour, Kind.OTHER):
        for address in scene.addresses(rule):
            absent = address.replace(scene.values["number"], "YSH-2026-9999")
            answers = asks(neighbour, rule, address)
            assert answers == asks(neighbour, rule, absent)
            assert set(answers.values()) <= {403, 404}, (address, answers)


def test_who_was_sent_a_copy_reads_the_matter_and_does_nothing_in_it(scene: Scene):
    supervisor = scene.browse("supervisor")
    supervisor.get("/me")
    for rule in pages(supervisor, Kind.TASK, Kind.DONE, Kind.MATTER, Kind.PART):
        for address in scene.addresses(rule):
            answers = asks(supervisor, rule, address)
            if kind_of(rule.endpoint) is Kind.MATTER:
                assert set(answers.values()) <= {200, 302}, (address, answers)
            else:
                assert set(answers.values()) <= {403, 404}, (address, answers)


def test_who_takes_part_finds_the_matter_and_their_own_task(scene: Scene):
    secretary = scene.browse("secretary")
    shown = [
        asks(secretary, rule, address)["GET"]
        for rule in pages(secretary, Kind.MATTER, Kind.PART, Kind.TASK)
        for address in scene.addresses(rule)
        if "GET" in (rule.methods or ()) and not address.endswith("/resolve")
    ]
    assert set(shown) <= {200, 302}
    assert len(shown) >= 12


def test_guarded_pages_are_not_there_for_members(scene: Scene):
    neighbour = scene.browse("neighbour")
    neighbour.get("/me")
    guarded = pages(neighbour, Kind.GUARDED)
    for rule in guarded:
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        assert set(asks(neighbour, rule, address).values()) == {404}, address
    assert len(guarded) >= 10
