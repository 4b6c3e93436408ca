"""No identity card and telephone number in a public text, however it is written."""

from __future__ import annotations

import pytest

from workflows.notices import rules


@pytest.mark.parametrize(
    "private",
    [
        "370811199001011234",
        "37081119900101123X",
        "370811 19900101 1234",
        "３７０８１１１９９００１０１１２３４",
        "370811900101123",
        "13800138000",
        "138-0013-8000",
        "138 0013 8000",
        "+8613800138000",
        "0537-2100007",
        "05372100007",
    ],
)
def test_personal_numbers_are_found_and_removed(private: str) -> None:
    text = f"联系人王某，号码{private}，请于10月22日前联系。"
    assert rules.private_pieces(text) == [private]
    assert rules.redacted(text) == "联系人王某，号码（已隐去），请于10月22日前联系。"


def test_a_number_is_found_beside_another_one() -> None:
    assert "13800138000" not in rules.redacted("3 号楼 12 13800138000 5 楼")


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-10-22 19:00 在党群服务中心二楼开会，应到 8 席，实到 7 席。",
        "决议编号 JY-2026-0018，事项 YSH-2026-0018，经费 31960.20 元，共 14878 套。",
        "同意 4 票 × 2 = 8 > 基数 7 票 × 1 = 7。",
        "自2026年11月12日起，时段18:00至次日07:30。",
    ],
)
def test_dates_amounts_and_matter_numbers_stay(harmless: str) -> None:
    assert rules.private_pieces(harmless) == []
    assert rules.redacted(harmless) == harmless
