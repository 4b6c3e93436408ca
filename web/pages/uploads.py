"""Model files that were sent with a form."""

from __future__ import annotations

from flask import Request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from engine.deployments import Resource
from engine.errors import Refusal
from engine.xml import MAX_BYTES


def resources(request: Request) -> list[Resource]:
    """The files in the field ``files``, by their own names."""
    found = [_resource(file) for file in request.files.getlist("files") if file.filename]
    if not found:
        raise Refusal(_("请先选择模型文件。"))
    return found


def _resource(file: FileStorage) -> Resource:
    name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    return Resource(name, file.stream.read(MAX_BYTES + 1))
