"""The workbench tried as a new administrator would: drawing, tables, forms, and publishing with a second person."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import ROOT
from tests.browser.test_pages import ADMINISTRATOR, DESK, fits, signed_in

APPROVER, RESIDENT = "u0102", "u0201"
LATIN = re.compile(r"[A-Za-z]{3,}")
NOT_WORDS = re.compile(
    r"Powered by bpmn\.io|BPMN\.iO|BPMN|FEEL|DMN|ISO|Markdown|key\d+|CSV|PDF|ABC|HTTPS?|[\w.]*_[\w.]*|[a-z]+(?:\.[a-z_]+)+|process_\w+"
)
"""Marks of the libraries, names of formats, and ids."""

NewContext = Callable[..., BrowserContext]
Accessible = Callable[[Page], None]


@pytest.fixture
def admin(new_context: NewContext) -> Page:
    return signed_in(new_context(), ADMINISTRATOR, DESK)


def begin(page: Page, name: str, template: str = "空白流程") -> None:
    page.goto("/workbench/new")
    page.get_by_label("流程名称").fill(name)
    page.get_by_label(template).check()
    page.get_by_role("button", name="开始画").click()
    expect(page.locator("h1")).to_have_text(name)


def open_editor(page: Page, title: str) -> Locator:
    page.get_by_role("link", name=title, exact=True).last.click()
    editor = page.locator("[data-editor][data-ready]")
    expect(editor).to_be_visible()
    return editor


def is_saved(page: Page) -> None:
    expect(page.locator("[data-editor-state]")).to_contain_text("已保存")
    expect(page.locator("[data-editor][data-saved]")).to_be_visible()


def element(page: Page, id_: str) -> Locator:
    return page.locator(f".djs-element[data-element-id='{id_}'] > .djs-hit").first


def beside(page: Page, action: str) -> None:
    page.locator(f".djs-context-pad [data-action='{action}']").click()


def into(page: Page, what: str) -> None:
    beside(page, "replace")
    page.locator(f".djs-popup [data-id='replace-with-{what}']").click()


def named(page: Page, name: str) -> None:
    """Type the name of what was just drawn."""
    page.locator(".djs-direct-editing-content").fill(name)
    page.keyboard.press("Enter")


def unfold(page: Page, group: str) -> None:
    header = page.locator(".bio-properties-panel-group-header", has_text=group)
    if "open" not in (header.get_attribute("class") or ""):
        header.click()


def choose(page: Page, group: str, field: str, label: str) -> None:
    unfold(page, group)
    page.locator(f"select[name={field}]").select_option(label=label)


def draw_task(page: Page, after: str, name: str, role: str, form: str) -> None:
    element(page, after).click()
    beside(page, "append.append-task")
    named(page, name)
    into(page, "user-task")
    choose(page, "办理人", "candidateRole", role)
    choose(page, "表单", "formId", form)


def hand_in(page: Page) -> str:
    page.get_by_label("为什么改").fill("居民提议")
    page.get_by_label("依据").fill("议事会第 3 项决议")
    page.get_by_role("button", name="送审").click()
    expect(page.locator("h1")).to_be_visible()
    return page.url


def approve(new_context: NewContext, request: str) -> None:
    page = signed_in(new_context(), APPROVER, DESK)
    page.goto(request)
    page.get_by_role("button", name="批准并发布").click()
    expect(page.get_by_text("已发布：")).to_be_visible()


def test_a_process_drawn_from_a_blank_page_is_published_by_two_and_run(admin: Page, new_context: NewContext):
    begin(admin, "活动报名")
    admin.get_by_text("加一张表单、决策表，或放入文件").click()
    admin.locator("form", has=admin.get_by_role("button", name="加表单")).get_by_label("名称").fill("报名表")
    admin.get_by_role("button", name="加表单").click()
    draft = admin.url
    open_editor(admin, "活动报名")
    draw_task(admin, "start", "填写报名", "发起人", "报名表")
    beside(admin, "append.end-event")
    is_saved(admin)
    expect(admin.locator("[data-editor-count]")).to_have_text("没有问题")
    admin.goto(draft)
    request = hand_in(admin)
    expect(admin.get_by_text("送审人不能批准自己的改动")).to_be_visible()
    approve(new_context, request)
    resident = signed_in(new_context(), RESIDENT)
    resident.goto("/matters/new")
    resident.locator("form", has_text="活动报名").get_by_role("button").click()
    resident.get_by_label("标题").fill("周末合唱")
    resident.get_by_role("button", name="提交").click()
    expect(resident.get_by_text("已办结：填写报名")).to_be_visible()


def test_a_drawing_that_would_wait_for_ever_is_marked_and_refused_with_its_gateway_named(admin: Page):
    begin(admin, "堵住的流程", "申请与答复")
    draft = admin.url
    open_editor(admin, "堵住的流程")
    for end in ("granted", "declined"):
        element(admin, end).click()
        beside(admin, "delete")
    element(admin, "decided").click()
    beside(admin, "append.append-task")
    named(admin, "办理")
    element(admin, "decided").click()
    beside(admin, "append.gateway")
    into(admin, "parallel-gateway")
    unfold(admin, "基本")
    admin.locator("#bio-properties-panel-name").fill("两边到齐")
    gateway = admin.locator(".djs-shape.selected").get_attribute("data-element-id")
    assert gateway
    admin.locator(".djs-shape", has_text="办理").last.locator(".djs-hit").first.click()
    beside(admin, "connect")
    element(admin, gateway).click()
    is_saved(admin)
    waiting = admin.locator("[data-editor-problems] li", has_text="要等齐所有分支")
    expect(waiting).to_contain_text("两边到齐")
    expect(admin.locator(f".djs-shape.has-problem[data-element-id={gateway}]")).to_have_count(1)
    admin.goto(draft)
    hand_in(admin)
    expect(admin.get_by_text("还有问题没有改正，不能送审。")).to_be_visible()
    expect(admin.get_by_text("“两边到齐”要等齐所有分支")).to_be_visible()


def in_three_quarters(page: Page) -> None:
    """Make the quorum ¾ instead of ⅔."""
    page.locator("th.input-cell", has_text="三分之二余量").dblclick()
    page.locator(".dms-input-label").fill("四分之三余量")
    page.locator(".ref-input-editor .cm-content").fill("present * 4 - entitled * 3")
    page.keyboard.press("Escape")
    is_saved(page)


def test_the_quorum_of_the_council_is_changed_in_its_table(admin: Page, new_context: NewContext):
    admin.goto("/admin/processes")
    admin.locator(".card", has_text="八位一体议事会").get_by_role("button").click()
    draft = admin.url
    open_editor(admin, "到会有效性")
    in_three_quarters(admin)
    expect(admin.locator("[data-editor-count]")).to_have_text("没有问题")
    admin.goto(draft)
    change = "表达式由“present * 3 - entitled * 2”改为“present * 4 - entitled * 3”"
    expect(admin.get_by_text(change)).to_be_visible()
    approve(new_context, hand_in(admin))
    admin.goto("/admin/processes")
    expect(admin.locator(".card", has_text="八位一体议事会")).to_contain_text("第 2 版")


@pytest.mark.parametrize("path", ["/admin/processes", "/workbench/new", "/workbench/bin", "/publications"])
def test_the_pages_of_the_workbench_are_accessible(admin: Page, accessible: Accessible, path: str):
    admin.goto(path)
    accessible(admin)
    fits(admin)


def test_the_editors_are_accessible(admin: Page, accessible: Accessible):
    begin(admin, "看一遍", "申请与答复")
    accessible(admin)
    for title in ("看一遍", "申请表"):
        open_editor(admin, title)
        expect(admin.locator("[data-editor-count]")).to_have_text("没有问题")
        accessible(admin)
    admin.goto("/admin/processes")
    admin.locator(".card", has_text="半年居民评议").get_by_role("button").click()
    admin.locator(".card", has_text="决策表").first.get_by_role("link").first.click()
    expect(admin.locator("[data-editor][data-ready]")).to_be_visible()
    accessible(admin)


def test_all_words_a_click_through_a_drawing_meets_are_chinese(admin: Page):
    begin(admin, "逐个点开", "申请与答复")
    open_editor(admin, "逐个点开")
    english = words_in_english(admin)
    for kind in ("service", "send", "receive", "script", "rule", "manual", "user"):
        english |= words_of(admin, "review", f"{kind}-task")
    beside(admin, "replace")
    admin.locator(".djs-popup [data-id=toggle-parallel-mi]").click()
    english |= unfolded(admin) | words_of(admin, "review", "call-activity") | words_of(admin, "decided")
    for kind in ("message", "error", "escalation", "signal", "terminate"):
        english |= words_of(admin, "granted", f"{kind}-end")
    for kind in ("message", "timer", "conditional", "signal"):
        english |= words_of(admin, "start", f"{kind}-start")
    admin.locator("[data-element-id=decided_to_declined_label] > .djs-hit").click()
    assert english | unfolded(admin) == set()


def test_all_words_a_click_through_a_form_meets_are_chinese(admin: Page):
    begin(admin, "点开表单", "申请与答复")
    open_editor(admin, "审核表")
    english = words_in_english(admin)
    fields = admin.locator(".fjs-element[data-id]")
    for number in range(1, fields.count()):
        fields.nth(number).click(position={"x": 20, "y": 10})
        english |= unfolded(admin)
    assert english == set()


def test_all_words_a_click_through_a_table_meets_are_chinese(admin: Page):
    admin.goto("/admin/processes")
    admin.locator(".card", has_text="半年居民评议").get_by_role("button").click()
    admin.locator(".card", has_text="决策表").first.get_by_role("link").first.click()
    expect(admin.locator("[data-editor][data-ready]")).to_be_visible()
    english = words_in_english(admin)
    for column in ("input", "output"):
        admin.locator(f"th.{column}-cell").first.dblclick()
        english |= words_in_english(admin)
        admin.keyboard.press("Escape")
        admin.locator(f"td.{column}-cell").first.click(button="right")
        english |= words_in_english(admin)
        admin.keyboard.press("Escape")
    admin.locator(".view-drd-button").click()
    assert english | words_in_english(admin) == set()


def words_of(page: Page, id_: str, kind: str = "") -> set[str]:
    """Of an element, turned into another kind if one is given: its menus, and all of its panel."""
    page.keyboard.press("Escape")
    page.locator(".djs-container > svg").click(position={"x": 300, "y": 20})
    element(page, id_).click()
    found: set[str] = set()
    if kind:
        beside(page, "replace")
        found = words_in_english(page)
        page.locator(f".djs-popup [data-id='replace-with-{kind}']").click()
    return found | unfolded(page)


def unfolded(page: Page) -> set[str]:
    page.locator(".bio-properties-panel-group-header:not(.empty, .open)").evaluate_all(
        "headers => headers.forEach(header => header.click())"
    )
    page.locator(".bio-properties-panel-add-entry").evaluate_all(
        "buttons => buttons.forEach(button => button.click())"
    )
    return words_in_english(page)


def words_in_english(page: Page) -> set[str]:
    """Texts, titles and labels in the editor, but what the administrator writes there."""
    words = page.locator(".editor").evaluate(
        """host => [...host.querySelectorAll('*')]
          .filter(one => !one.closest('.cm-content, .content-editable, .problem-badge, script, style'))
          .flatMap(one => [
            ...[...one.childNodes].filter(n => n.nodeType === 3 && one.getClientRects().length).map(n => n.data),
            ...['title', 'aria-label', 'placeholder'].map(name => one.getAttribute(name) ?? '')])"""
    )
    return {word.strip() for word in words if LATIN.search(NOT_WORDS.sub("", word))}


def test_the_bundle_of_an_editor_is_small():
    folder = ROOT / "web" / "static" / "dist" / "editors"
    sizes = {
        kind: sum(len(gzip.compress((folder / f"{kind}.{end}").read_bytes())) for end in ("js", "css"))
        for kind in ("bpmn", "dmn", "form")
    }
    assert max(sizes.values()) <= 700_000, sizes
