"""Handing out attachments."""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from web.pages import context

blueprint = Blueprint("files", __name__)


@blueprint.get("/attachments/<name>")
def download(name: str) -> Response:
    """The file as a download, for those whom its matter concerns; nobody's browser runs or shows it in place."""
    with context.reading() as work:
        stored = context.product().attachments.find(work, name)
    return send_file(
        stored.path, mimetype=stored.media_type, as_attachment=True, download_name=stored.name, max_age=0
    )
