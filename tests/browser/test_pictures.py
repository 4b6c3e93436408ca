"""The pictures of the documentation, taken anew on demand: ``PICTURES=docs/pictures make test ARGS=tests/browser``."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_pages import ADMINISTRATOR, DESK, MEMBER, signed_in
from tests.browser.test_workbench import (
    begin,
    element,
    hand_in,
    in_three_quarters,
    into,
    is_saved,
    open_editor,
    unfold,
)

SECRETARY, LEDGER_CLERK = "u0126", "u0129"
VIEWS = {"phone": (None, 2), "desktop": (DESK, 1)}
"""Viewport (None: the phone all tests use) and pixels per CSS pixel."""

OVERVIEW = """
<style>
  body { margin: 0; width: 1600px; height: 760px; display: grid; align-items: center; justify-content: center;
    grid-template-columns: 310px 310px 840px; gap: 36px; background: #e3e6e1; }
  img { width: 100%%; border: 1px solid #c9c3b4; border-radius: 24px; box-shadow: 0 20px 50px -18px #1f262c66; }
  img:last-child { border-radius: 12px; }
</style>%s
"""

NewContext = Callable[..., BrowserContext]


def open_first(page: Page, path: str, words: str) -> None:
    """Follow the first card of a list that says this."""
    page.goto(path)
    page.locator(".card h3 a", has_text=words).first.click()


def open_ballot(page: Page) -> None:
    open_first(page, "/tasks", "投票")
    page.locator("[name=choice][value=同意]").check()


def open_matter(page: Page) -> None:
    """One with a ballot behind it."""
    open_first(page, "/tasks?view=done", "投票")
    page.get_by_role("link", name="查看事项").click()
    expect(page.locator("[data-bpmn-viewer][data-ready]")).to_be_visible()


def open_process(page: Page) -> None:
    open_first(page, "/admin/processes", "八位一体议事会")
    expect(page.locator("[data-bpmn-viewer][data-ready]")).to_be_visible()


SCENES: dict[str, tuple[str, Callable[[Page], object]]] = {
    "inbox": (MEMBER, lambda page: page.goto("/tasks")),
    "task": (SECRETARY, lambda page: open_first(page, "/tasks", "议题初审")),
    "ballot": (MEMBER, open_ballot),
    "matter": (MEMBER, open_matter),
    "start": (MEMBER, lambda page: page.goto("/matters/new")),
    "board": (MEMBER, lambda page: page.goto("/notices")),
    "notice": (MEMBER, lambda page: open_first(page, "/notices", "（通过）")),
    "ledger": (LEDGER_CLERK, lambda page: page.goto("/ledger")),
    "admin": (ADMINISTRATOR, open_process),
}


@pytest.mark.parametrize("view", VIEWS)
def test_the_main_pages_have_their_picture_taken(new_context: NewContext, pictures: Path, view: str):
    viewport, scale = VIEWS[view]
    for name, (person, scene) in SCENES.items():
        page = signed_in(new_context(device_scale_factor=scale), person, viewport)
        scene(page)
        take(page, pictures / f"{name}-{view}.png")


def test_the_workbench_has_its_picture_taken(new_context: NewContext, pictures: Path):
    page = signed_in(new_context(), ADMINISTRATOR, DESK)
    begin(page, "场地借用", "申请与答复")
    take(page, pictures / "draft-desktop.png")
    draft = page.url
    open_editor(page, "场地借用")
    element(page, "review").click()
    unfold(page, "办理人")
    element(page, "decided").click()
    into(page, "event-based-gateway")
    is_saved(page)
    expect(page.locator(".problem-badge").first).to_be_visible()
    take(page, pictures / "drawing-desktop.png")
    page.goto(draft)
    open_editor(page, "审核表")
    page.locator(".fjs-element[data-id]").nth(2).click(position={"x": 20, "y": 10})
    take(page, pictures / "form-desktop.png")
    page.goto("/admin/processes")
    page.locator(".card", has_text="八位一体议事会").get_by_role("button").click()
    draft = page.url
    open_editor(page, "到会有效性")
    take(page, pictures / "table-desktop.png")
    in_three_quarters(page)
    page.goto(draft)
    page.goto(hand_in(page))
    take(page, pictures / "publication-desktop.png")
    page.get_by_role("button", name="撤回送审").click()  # as it was before, for whoever comes next
    page.goto(draft)
    page.get_by_role("button", name="移到回收站").click()


def test_the_overview_shows_phone_and_desk_side_by_side(new_context: NewContext, pictures: Path):
    names = ("inbox-phone", "ballot-phone", "matter-desktop")
    shown = [base64.b64encode((pictures / f"{name}.png").read_bytes()).decode() for name in names]
    page = new_context().new_page()
    page.set_viewport_size({"width": 1600, "height": 760})
    page.set_content(OVERVIEW % "".join(f'<img src="data:image/png;base64,{image}">' for image in shown))
    take(page, pictures / "overview.png")


def take(page: Page, path: Path) -> None:
    page.screenshot(path=path, animations="disabled", caret="hide")
