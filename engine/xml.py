"""Reading XML that strangers typed: no entities, no network, bounded."""

from __future__ import annotations

from lxml import etree

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 100


class XmlRefused(Exception):
    """The bytes are not XML we accept; the text is a Chinese sentence."""


def read_xml(content: bytes) -> etree._Element:
    """The root element, or :class:`XmlRefused`."""
    if len(content) > MAX_BYTES:
        raise XmlRefused("文件超过 2 MB,请精简后再上传。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        raise XmlRefused(f"不是有效的 XML(第 {fault.lineno or 0} 行):{fault.msg}") from fault
    except ValueError as fault:
        raise XmlRefused("不是有效的 XML:编码声明与内容不符。") from fault
    if root.getroottree().docinfo.doctype:
        raise XmlRefused("文件带有 DOCTYPE 声明，出于安全不予接收，请去掉后再上传。")
    _refuse_depth(root)
    return root


def _refuse_depth(root: etree._Element) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise XmlRefused(f"文件嵌套超过 {MAX_DEPTH} 层，请精简后再上传。")
