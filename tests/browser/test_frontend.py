"""The bundled scripts on a bare page under the policy of the product, without the product's own pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import ROOT

SITE = "https://frontend.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json"}

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
             xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" targetNamespace="test">
  <process id="meeting">
    <startEvent id="start" name="提交议题" />
    <sequenceFlow id="flow" sourceRef="start" targetRef="screen" />
    <userTask id="screen" name="议题初审" />
    <sequenceFlow id="rest" sourceRef="screen" targetRef="end" />
    <endEvent id="end" name="已归档" />
  </process>
  <di:BPMNDiagram><di:BPMNPlane bpmnElement="meeting">
    <di:BPMNShape bpmnElement="start"><dc:Bounds x="100" y="100" width="36" height="36" /></di:BPMNShape>
    <di:BPMNShape bpmnElement="screen"><dc:Bounds x="200" y="78" width="100" height="80" /></di:BPMNShape>
    <di:BPMNShape bpmnElement="end"><dc:Bounds x="2000" y="100" width="36" height="36" /></di:BPMNShape>
    <di:BPMNEdge bpmnElement="flow">
      <dd:waypoint x="136" y="118" />
      <dd:waypoint x="200" y="118" />
    </di:BPMNEdge>
    <di:BPMNEdge bpmnElement="rest">
      <dd:waypoint x="300" y="118" />
      <dd:waypoint x="2000" y="118" />
    </di:BPMNEdge>
  </di:BPMNPlane></di:BPMNDiagram>
</definitions>
"""

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>测试</title>
<link rel="stylesheet" href="/dist/viewer.css">
<script type="module" src="/dist/app.js"></script><script type="module" src="/dist/viewer.js"></script></head>
<body><main><h1>流程图</h1>
<button type="button" data-preference="size" data-value="large">大字</button>
<div data-bpmn-viewer data-src="{source}" data-state="/state.json" data-label="议事会流程图"></div>
</main></body></html>"""

STATE = '{"active": ["screen"], "completed": ["start", "meeting"], "taken": ["flow"], "incidents": []}'


@pytest.fixture
def site(page: Page) -> dict[str, str]:
    """Files of a site that exists in the browser alone: path to content."""
    files = {
        "/index.html": PAGE.format(source="/meeting.bpmn"),
        "/broken.html": PAGE.format(source="/absent.bpmn"),
        "/meeting.bpmn": DIAGRAM,
        "/state.json": STATE,
    }
    for asset in (ROOT / "web" / "static" / "dist").glob("*.*s"):
        files[f"/dist/{asset.name}"] = asset.read_text(encoding="utf-8")

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        kind = TYPES.get(path[path.rfind(".") :], "application/xml")
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Security-Policy": POLICY}
        route.fulfill(status=200 if path in files else 404, headers=headers, body=files.get(path, ""))

    page.route(f"{SITE}/**", answer)
    return files


@pytest.fixture
def drawn(page: Page, site: dict[str, str]) -> Page:
    """The page with its diagram complete."""
    page.goto(f"{SITE}/index.html")
    page.locator("[data-bpmn-viewer][data-ready]").wait_for()
    return page


def _transform(page: Page) -> str:
    return str(page.locator(".viewport").get_attribute("transform"))


@pytest.mark.parametrize(
    ("element", "marker"), [("screen", "is-active"), ("start", "is-passed"), ("flow", "is-passed")]
)
def test_the_diagram_shows_where_the_matter_stands(drawn: Page, element: str, marker: str):
    expect(drawn.locator(f"[data-element-id={element}].{marker}")).to_have_count(1)


def test_a_taken_flow_is_drawn_in_the_colour_of_passed_elements(drawn: Page):
    stroke = "shape => getComputedStyle(shape).stroke"
    flow = drawn.locator("[data-element-id=flow] .djs-visual > path").first.evaluate(stroke)
    assert flow == drawn.locator("[data-element-id=start] .djs-visual > circle").first.evaluate(stroke)
    assert flow != drawn.locator("[data-element-id=rest] .djs-visual > path").first.evaluate(stroke)


def test_what_has_not_been_reached_is_not_marked(drawn: Page):
    expect(drawn.locator("[data-element-id=end]:is(.is-active, .is-passed, .has-incident)")).to_have_count(0)


def test_a_wide_diagram_opens_legibly_at_the_active_task(drawn: Page):
    box = drawn.locator("[data-element-id=screen] .djs-visual").bounding_box()
    assert box is not None
    assert box["width"] >= 90
    assert box["x"] + box["width"] / 2 == pytest.approx(390 / 2, abs=10)


def test_the_whole_diagram_fits_on_demand(drawn: Page):
    drawn.get_by_role("button", name="全图").click()
    box = drawn.locator("[data-element-id=end] .djs-visual").bounding_box()
    assert box is not None
    assert box["x"] < 390


@pytest.mark.parametrize("key", ["ArrowRight", "ArrowUp", "+", "-", "0"])
def test_the_diagram_moves_by_keyboard(drawn: Page, key: str):
    before = _transform(drawn)
    drawn.locator(".djs-container > svg").focus()
    drawn.keyboard.press(key)
    drawn.wait_for_function(
        "before => document.querySelector('.viewport').getAttribute('transform') !== before", arg=before
    )


def test_the_mark_of_the_licence_stays_visible_and_uncovered(drawn: Page):
    mark = drawn.locator(".bjs-powered-by")
    mark.scroll_into_view_if_needed()
    expect(mark).to_be_visible()
    assert mark.evaluate(
        """mark => { const box = mark.getBoundingClientRect();
           return mark.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)) }"""
    )


def test_a_diagram_that_cannot_be_loaded_says_so(page: Page, site: dict[str, str]):
    page.goto(f"{SITE}/broken.html")
    expect(page.get_by_role("alert")).to_have_text("流程图没有加载成功，请刷新页面再试。")


def test_large_text_is_remembered_until_it_is_taken_back(drawn: Page):
    button = drawn.get_by_role("button", name="大字")
    button.click()
    expect(drawn.locator("html")).to_have_attribute("data-size", "large")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert {cookie["name"]: cookie["value"] for cookie in drawn.context.cookies()} == {"size": "large"}
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert drawn.context.cookies() == []


def test_the_diagram_is_accessible(drawn: Page, accessible: Callable[[Page], None]):
    accessible(drawn)
