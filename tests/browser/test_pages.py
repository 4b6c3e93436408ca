"""Every page on a phone and on a desk: readable to everybody, in light, dark and 大字, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

MEMBER, RESIDENT, ADMINISTRATOR = "u0104", "u0201", "admin"
DESK: ViewportSize = {"width": 1280, "height": 800}

PUBLIC_PAGES = ("/sign-in", "/notices", "/about", "/receipts", "/api", "/reviews")
REVIEW_PAGES = ("/reviews/PY-2026-0001", "/reviews/PY-2026-0001/draw")
"""The demonstration's finished review."""
MEMBER_PAGES = (
    "/tasks",
    "/tasks?view=claimable",
    "/tasks?view=done",
    "/tasks?view=started",
    "/matters/new",
    "/messages",
    "/me",
    "/me/tokens",
    "/nothing-here",
)
ADMINISTRATOR_PAGES = ("/admin/processes", "/admin/incidents")

NewContext = Callable[..., BrowserContext]
Accessible = Callable[[Page], None]


def signed_in(context: BrowserContext, person: str, viewport: ViewportSize | None = None) -> Page:
    page = context.new_page()
    if viewport:
        page.set_viewport_size(viewport)
    page.goto("/sign-in")
    button = page.locator(f"button[name=person][value={person}]")
    page.locator(f"details:has(button[value={person}]):not([open]) > summary").evaluate_all(
        "found => found.forEach(summary => summary.click())"
    )
    button.click()
    expect(page).to_have_url(re.compile("/tasks$"))
    return page


def fits(page: Page) -> None:
    """Nothing makes the page itself scroll sideways."""
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url} is {width} px too wide"


@pytest.fixture
def member(new_context: NewContext) -> Page:
    return signed_in(new_context(), MEMBER)


def pages_of(page: Page) -> list[str]:
    """The pages of a task, its matter, a paper and a notice, found by following links."""
    page.goto("/tasks")
    page.locator(".card h3 a").first.click()
    task = page.url
    page.locator(".head .facts a").click()
    matter = page.url
    page.locator("summary", has_text="更早的经过").click()
    page.get_by_role("link", name=re.compile("查看内容")).last.click()
    expect(page.locator("h1")).to_have_text("提出议题")
    paper = page.url
    page.goto("/notices")
    page.locator(".card h3 a").first.click()
    return [task, matter, f"{matter}/map", f"{matter}/copies", paper, page.url]


def test_pages_for_everybody_are_accessible(new_context: NewContext, accessible: Accessible):
    page = new_context().new_page()
    for path in (*PUBLIC_PAGES, *REVIEW_PAGES):
        page.goto(path)
        accessible(page)
        fits(page)


def test_pages_of_a_member_are_accessible(member: Page, accessible: Accessible):
    for path in (*MEMBER_PAGES, *pages_of(member)):
        member.goto(path)
        accessible(member)
        fits(member)


def test_pages_of_the_administrator_are_accessible(new_context: NewContext, accessible: Accessible):
    page = signed_in(new_context(), ADMINISTRATOR, DESK)
    for path in ADMINISTRATOR_PAGES:
        page.goto(path)
        accessible(page)
        fits(page)
    page.goto("/admin/processes")
    page.get_by_role("link", name="八位一体议事会").first.click()
    expect(page.locator("[data-bpmn-viewer][data-ready]")).to_be_visible()
    accessible(page)


@pytest.mark.parametrize(
    ("look", "viewport"),
    [("theme=dark", None), ("theme=dark", DESK), ("size=large", None), ("size=large", DESK), ("", DESK)],
)
def test_pages_are_accessible_however_they_are_looked_at(
    new_context: NewContext, accessible: Accessible, base_url: str, look: str, viewport: ViewportSize | None
):
    context = new_context()
    page = signed_in(context, MEMBER, viewport)
    if look:
        name, _, value = look.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": base_url}])
    for path in ("/tasks", "/notices", "/me", *pages_of(page)):
        page.goto(path)
        accessible(page)
        fits(page)


def test_the_device_chooses_the_colours_until_the_reader_does(new_context: NewContext):
    page = signed_in(new_context(color_scheme="dark"), MEMBER)
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.goto("/me")
    page.get_by_role("button", name="浅色").click()
    assert page.evaluate(background) != dark
    page.get_by_role("button", name="跟随手机").click()
    assert page.evaluate(background) == dark


def test_large_type_is_one_press_away_and_stays(member: Page):
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    standard = member.evaluate(size)
    member.get_by_role("button", name="大字").click()
    expect(member.locator("html")).to_have_attribute("data-size", "large")
    assert member.evaluate(size) == pytest.approx(standard * 1.31, rel=0.01)
    member.goto("/notices")
    expect(member.locator("html")).to_have_attribute("data-size", "large")


def test_what_a_finger_meets_is_large_enough(member: Page):
    for path in ("/tasks", "/matters/new", "/me", "/messages"):
        member.goto(path)
        for target in member.locator("button:visible, .tabs a:visible, .filter a:visible").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 48, f"{path}: {target.text_content()}"


def test_the_keyboard_reaches_the_page_before_the_navigation(member: Page):
    member.goto("/tasks")
    member.keyboard.press("Tab")
    expect(member.get_by_role("link", name="跳到正文")).to_be_focused()
    member.keyboard.press("Enter")
    expect(member.locator("#main")).to_be_focused()


def test_the_diagram_shows_the_token_of_the_matter(member: Page):
    member.goto("/tasks")
    member.locator(".card h3 a").first.click()
    member.locator(".head .facts a").click()
    expect(member.locator("[data-bpmn-viewer][data-ready]")).to_be_visible()
    member.get_by_role("link", name="全屏看流程图").click()
    expect(member.locator("[data-bpmn-viewer][data-ready]")).to_be_visible()
    assert member.locator(".djs-element.is-active").count() >= 1
    assert member.locator(".djs-element.is-passed").count() >= 5


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_topic_is_proposed_without_javascript(page: Page):
    page.goto("/sign-in")
    page.locator(f"button[name=person][value={RESIDENT}]").click()
    page.get_by_role("link", name="发起", exact=True).click()
    page.get_by_role("button", name=re.compile("开始填写.*八位一体")).click()
    page.locator("button[value=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("需要修改")
    page.locator("[name=title]").fill("路灯不亮怎么办")
    page.locator("button[value=save]").click()
    expect(page.get_by_role("status")).to_contain_text("草稿已保存")
    expect(page.locator("[name=title]")).to_have_value("路灯不亮怎么办")
    page.locator("[name=topic_class]").select_option("public_affair")
    page.locator("[name=body_id]").select_option("jsjy-council")
    page.locator("[name=scope][value=网格]").check()
    page.locator("[name=grid_ids]:not([value=''])").first.check()
    page.locator("[name=people_affected]").fill("300")
    page.locator("[name=facts]").fill("小区东门到三号楼一段路灯有六盏不亮，老人晚上出门看不清路。")
    page.locator("button[value=submit]").click()
    expect(page.locator("h1")).to_have_text("已办结：提出议题")
    expect(page.locator("main")).to_contain_text("议题初审")
