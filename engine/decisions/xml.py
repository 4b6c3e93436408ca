"""Reading XML that anybody may have written: no document type, no entity, nothing from outside, bounded."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.decisions.errors import DecisionModelError

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 100
_MAX_ELEMENTS = 100_000
_NO_DOCTYPE = "决策模型里不能有 DOCTYPE 或实体声明，请删去后再上传"

Element = etree._Element


def read(xml: bytes) -> Element:
    """The root element; raises :class:`DecisionModelError` for anything unsafe or not well-formed."""
    if len(xml) > MAX_BYTES:
        raise DecisionModelError(f"决策模型文件超过 {MAX_BYTES // 1024 // 1024} MB，请拆成几个模型")
    if b"<!DOCTYPE" in xml:  # before anything is parsed; other encodings are looked at afterwards
        raise DecisionModelError(_NO_DOCTYPE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DecisionModelError(f"决策模型不是合法的 XML：{error}") from error
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise DecisionModelError(_NO_DOCTYPE)
    _check_shape(root)
    return root


def _check_shape(root: Element) -> None:
    level = [root]
    depth = count = 0
    while level:
        depth += 1
        count += len(level)
        if depth > MAX_DEPTH or count > _MAX_ELEMENTS:
            raise DecisionModelError("决策模型嵌套太深或元素太多，请拆成几个模型")
        level = [child for element in level for child in element]


def tag(element: Element) -> str:
    """The local name; the version of DMN is in the namespace and does not matter here."""
    return etree.QName(element).localname


def children(element: Element, *names: str) -> Iterator[Element]:
    """The child elements of these local names, in document order."""
    return (child for child in element if tag(child) in names)


def child(element: Element | None, *names: str) -> Element | None:
    """The first child element of these local names."""
    return None if element is None else next(children(element, *names), None)


def text_of(element: Element | None) -> str:
    """The content of the ``<text>`` child, empty if there is none."""
    found = child(element, "text")
    return "" if found is None else (found.text or "").strip()


def attribute(element: Element | None, name: str) -> str:
    """An attribute, empty if there is none."""
    return "" if element is None else element.get(name) or ""


def name_of(element: Element | None) -> str:
    """The ``name`` attribute with its white space made single."""
    return " ".join(attribute(element, "name").split())


def type_ref(element: Element | None) -> str:
    """The ``typeRef``, an attribute since DMN 1.2 and a child before, empty if there is none."""
    found = child(element, "typeRef")
    inner = found.text if found is not None and found.text else ""
    return (attribute(element, "typeRef") or inner).strip()
