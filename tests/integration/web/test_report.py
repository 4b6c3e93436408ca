"""Reporting without signing in: by the page, without JavaScript, down to what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine import instances
from engine.runtime import Actor
from tests.integration.web.browser import Browser
from web.wiring import Product
from workflows.issues.visitors import PUBLIC

Browse = Callable[[str], Browser]

REPORT = {
    "title": "12号楼门前井盖松动",
    "description": "井盖边缘翘起来约三厘米，晚上没有灯，容易绊倒人。",
    "place": "12号楼2单元门前",
    "consent": "true",
}


def reported(browser: Browser, **changes: str) -> str:
    """Fill in the page and hand it in; gives the query code shown."""
    browser.get("/report")
    form = browser.html.get_element_by_id("form")
    options = {name: _first_options(form, name) for name in ("category", "severity", "grid_id")}
    browser.submit({**REPORT, **options, **changes}, files={"photos": 1})
    assert browser.status == 200, browser.text
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", browser.text)
    assert found is not None, browser.text
    return found.group()


def _first_options(form: object, name: str) -> str:
    return next(
        value
        for value in form.xpath(  # type: ignore[attr-defined]
            f".//select[@name='{name}']/option/@value | .//input[@type='radio'][@name='{name}']/@value"
        )
        if value
    )


def test_a_stranger_reports_and_asks_for_progress_by_code(browse: Browse):
    stranger = browse("")
    code = reported(stranger)
    stranger.follow("查进度")
    stranger.post("/report/progress", code=code.lower().replace("-", " "))
    assert "12号楼门前井盖松动" in stranger.text
    assert "现在：网格办理中" in stranger.text
    assert "经过：网格" in stranger.text


def test_nothing_leads_from_an_anonymous_report_to_a_signed_in_person(browse: Browse, product: Product):
    reported(browse("resident"))
    with product.engine.look(Actor.system(), product.settings.community) as work:
        (matter,) = instances.find(work)
        held = instances.variables(work, matter.key)
    assert (matter.started_by, held["initiator"], held["reporter_name"]) == (PUBLIC.id, PUBLIC.id, None)


def test_what_is_missing_is_said_and_what_was_written_stays(browse: Browse, product: Product):
    stranger = browse("")
    stranger.get("/report")
    stranger.submit({"title": REPORT["title"], "anonymous": "false"})
    assert stranger.status == 422
    assert "需要修改" in stranger.text
    assert REPORT["title"] in stranger.html.xpath("//input[@name='title']/@value")
    with product.engine.look(Actor.system(), product.settings.community) as work:
        assert instances.find(work) == []


def test_the_same_form_sent_twice_is_one_report(browse: Browse, product: Product):
    stranger = browse("")
    stranger.get("/report")
    form = stranger.html.get_element_by_id("form")
    options = {name: _first_options(form, name) for name in ("category", "severity", "grid_id")}
    page = stranger.html
    stranger.submit({**REPORT, **options})
    first = stranger.text
    stranger.html = page
    stranger.submit({**REPORT, **options})
    assert stranger.text == first
    with product.engine.look(Actor.system(), product.settings.community) as work:
        assert len(instances.find(work)) == 1


def test_guessing_codes_is_slowed_down(browse: Browse):
    stranger = browse("")
    stranger.get("/report/progress")
    answers = [stranger.post("/report/progress", code=f"AAAAA-AAA{n:02}").status_code for n in range(20)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert "没有这个查询码" not in stranger.text
