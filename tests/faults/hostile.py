"""Model files as an attacker, or a broken disk, would send them: mutated, nested, full of entities and scripts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

BPMN = Path(__file__).parents[2] / "bpmn"
SEEDS = tuple(
    (BPMN / name).read_bytes()
    for name in (
        "hazard_ledger/hazard_ledger.bpmn",
        "deliberation_meeting/quorum_check.dmn",
        "issue_escalation/verify.form",
    )
)
KINDS = ("bpmn", "dmn", "form")

CANARY = "canary-7f3a"
"""What the file holds that hostile entities point at; it must come back in no answer."""


def tokens(canary: Path, port: int) -> list[bytes]:
    """Pieces that have broken parsers before."""
    file, url = canary.as_uri(), f"http://127.0.0.1:{port}/x"
    return [
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{file}">]>'.encode(),
        f'<!DOCTYPE a SYSTEM "{url}.dtd">'.encode(),
        f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{url}">%p;]>'.encode(),
        b"&x;",
        b"&#0;",
        b"&#xFFFE;",
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{file}"/>'.encode(),
        f'<?xml-stylesheet href="{url}"?>'.encode(),
        f'xsi:schemaLocation="a {url}"'.encode(),
        b"<script>alert(1)</script>",
        b'name="&lt;img src=x onerror=alert(1)&gt;"',
        b'"=__import__(&quot;os&quot;).system(&quot;id&quot;)"',
        b"=for i in 1..1000000000 return i",
        b"=" + b"(" * 400,
        b"<a>" * 400,
        b"[" * 3000,
        b'{"a":' * 500,
        b'"components": {"a": 1}',
        b'"type": {"x": []}',
        b'"id": null',
        b"R99999999999/PT0S",
        b"P99999999999999Y",
        b"1e999999999",
        b"\\ud800",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        "\u202e\u0000".encode(),
        b'encoding="UTF-16"',
        b'id="hazard_ledger"',
        b'sourceRef=""',
        b"<![CDATA[",
        b"]]>",
        b"-->",
        b"<!--",
    ]


def bombs() -> list[tuple[str, bytes]]:
    """Files that are far too much of something."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    nodes = "".join(f'<bpmn:task id="t{n}"/>' for n in range(20_000))
    head = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
    process = f'{head}<bpmn:process id="p" isExecutable="true">{nodes}</bpmn:process></bpmn:definitions>'
    fields = ",".join(f'{{"type":"textfield","key":"f{n}","label":"f"}}' for n in range(20_000))
    return [
        ("laughs.bpmn", f'<!DOCTYPE l [<!ENTITY l0 "ha">{laughs}]><l>&l9;</l>'.encode()),
        ("long.bpmn", b"<a>" + b"x" * 10_000_000 + b"</a>"),
        ("deep.bpmn", b"<a>" * 100_000 + b"</a>" * 100_000),
        ("deep.dmn", b"<a>" * 100_000),
        ("deep.form", b"[" * 1_000_000),
        ("deeper.form", b'{"components":[' * 100_000),
        ("many.bpmn", process.encode()),
        ("many.form", f'{{"id":"f","components":[{fields}]}}'.encode()),
        ("numbers.form", b'{"id": "f", "components": ' + b"9" * 100_000 + b"}"),
    ]


def mutated(seed: int, count: int, pieces: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """``count`` files, each a good one with a few things done to it; the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        which = chance.randrange(len(SEEDS))
        content = bytearray(SEEDS[which])
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            chance.choice(_MUTATIONS)(content, chance, pieces)
        yield f"m{number}.{KINDS[which]}", bytes(content)


Mutation = Callable[[bytearray, random.Random, list[bytes]], None]


def _span(content: bytearray, chance: random.Random) -> slice:
    start = chance.randrange(len(content) + 1)
    return slice(start, start + chance.choice((1, 2, 8, 64, 512)))


def _flip(content: bytearray, chance: random.Random, _pieces: list[bytes]) -> None:
    if content:
        content[chance.randrange(len(content))] = chance.randrange(256)


def _cut(content: bytearray, chance: random.Random, _pieces: list[bytes]) -> None:
    del content[_span(content, chance)]


def _repeat(content: bytearray, chance: random.Random, _pieces: list[bytes]) -> None:
    part = content[_span(content, chance)]
    content[_span(content, chance)] = part * chance.choice((1, 2, 20))


def _truncate(content: bytearray, chance: random.Random, _pieces: list[bytes]) -> None:
    del content[chance.randrange(len(content) + 1) :]


def _insert(content: bytearray, chance: random.Random, pieces: list[bytes]) -> None:
    start = chance.randrange(len(content) + 1)
    content[start:start] = chance.choice(pieces)


def _exchange(content: bytearray, chance: random.Random, pieces: list[bytes]) -> None:
    """Put something else between two quotes: still well-formed, and the nastier for it."""
    start = content.find(b'"', chance.randrange(len(content) + 1))
    end = content.find(b'"', start + 1)
    if 0 <= start < end:
        content[start + 1 : end] = chance.choice(pieces).replace(b'"', b"'").replace(b"<", b"&lt;")


_MUTATIONS: tuple[Mutation, ...] = (_flip, _cut, _repeat, _truncate, _insert, _exchange, _exchange)
