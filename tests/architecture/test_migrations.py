"""Two branches that were merged have not both taken the next number."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT

FILES = sorted((ROOT / "migrations" / "versions").glob("*.py"))
NAMED = re.compile(r'^(?:down_)?revision = (?:"(\w+)"|None)$', re.MULTILINE)


def test_the_migrations_are_one_line_in_the_order_of_their_names():
    found = [NAMED.findall(path.read_text(encoding="utf-8")) for path in FILES]
    numbers = [path.name.partition("_")[0] for path in FILES]
    assert numbers == [f"{number:04}" for number in range(1, len(FILES) + 1)]
    assert found == [[own, before] for own, before in zip(numbers, ["", *numbers], strict=False)]
