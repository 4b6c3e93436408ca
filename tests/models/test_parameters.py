"""Every figure that is said to take effect somewhere stands there."""

from __future__ import annotations

import json
import re

import pytest
from lxml import etree

from tests.models.source import MODELS, components, find, tree
from workflows.parameters import catalogue
from workflows.parameters.model import Grade, Parameter, Place

PLACED = [(one, place) for one in catalogue.parameters() for place in one.places]


def test_there_are_as_many_as_the_domain_names_each_once() -> None:
    keys = [one.key for one in catalogue.parameters()]
    assert len(keys) == len(set(keys)) == 92


@pytest.mark.parametrize(
    ("parameter", "place"), PLACED, ids=[f"{one.key}-{place.element}" for one, place in PLACED]
)
def test_a_figure_stands_where_it_takes_effect(parameter: Parameter, place: Place) -> None:
    text = words_at(place)
    for number in re.findall(r"\d+", parameter.value):
        assert re.search(rf"(?<!\d){number}(?!\d)", text), f"{number} does not stand at {place}"


def test_what_the_article_says_has_no_weaker_grade() -> None:
    assert all(
        one.grades == (Grade.ARTICLE,) for one in catalogue.parameters() if one.source.startswith("文章")
    )


def words_at(place: Place) -> str:
    path = MODELS / place.file
    if path.suffix == ".form":
        schema = json.loads(path.read_text("utf-8"))
        (found,) = (one for one in components(schema) if place.element in (one.get("key"), one.get("path")))
        return json.dumps(found, ensure_ascii=False)
    (element,) = find(tree(path), f"//*[@id='{place.element}']")
    return etree.tostring(element, encoding="unicode")
