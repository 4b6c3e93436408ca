"""The page of the parameters: what waits for a person to stand for it, and who has."""

from __future__ import annotations

from tests.integration.web.meeting import Browse

PAGE = "/admin/parameters"
WAITING = f"{PAGE}?waiting=1"


def test_a_design_value_waits_until_somebody_stands_for_it(browse: Browse):
    admin = browse("admin")
    before = admin.get(WAITING).text
    assert "议题初审" in before
    assert "参与表决专有面积" not in before, "a figure of the law needs nobody's word"
    admin.post(f"{PAGE}/council.screen_wd", note="2026年第3次议事会纪要")
    assert "议题初审" not in admin.get(WAITING).text
    page = admin.get(PAGE).text
    assert "2026年第3次议事会纪要" in page
    assert "deliberation_meeting/deliberation_meeting.bpmn · topic_screening" in page


def test_nobody_confirms_without_a_ground_or_what_there_is_not(browse: Browse):
    admin = browse("admin")
    answer = admin.post(f"{PAGE}/council.screen_wd", note="  ")
    assert answer.status_code == 422
    assert "请写明确认的依据" in answer.text
    assert admin.post(f"{PAGE}/no.such", note="依据").status_code == 422


def test_only_administrators_find_the_page(browse: Browse):
    assert browse("party").get(PAGE).status_code == 404
    assert browse("party").post(f"{PAGE}/council.screen_wd", note="依据").status_code == 404
