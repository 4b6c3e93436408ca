"""Around a matter: copies with receipts, comments, files, taking it back."""

from __future__ import annotations

from typing import Any

from flask import request, send_file
from flask_babel import gettext as _
from marshmallow import fields
from marshmallow.validate import Length
from werkzeug.wrappers import Response

from engine import copies, instances, user_tasks
from web.api.fields import Answer, Body, Instant, Text, Whole
from web.api.gov.handing import MOST, person, reason
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.attachments import taken
from web.forms import Upload
from workflows.collaboration import matters
from workflows.collaboration.rules import COMMENT_LENGTH

area = Area("抄送、留言与附件")

FILE = "file"
"""The name of the multipart part that carries a file."""
BYTES = "application/octet-stream"


class CopyBody(Body):
    persons = fields.List(person(), required=True, validate=Length(min=1, max=MOST))
    note = reason(load_default="")


class Copy(Answer):
    """Whom a matter was sent to; ``readAt`` is when they first opened it."""

    person = Text()
    sentBy = Text(attribute="sent_by")
    sentByName = Text(attribute="sent_by_name")
    note = Text()
    sentAt = Instant(attribute="sent_at")
    readAt = Instant(attribute="read_at", allow_none=True)


class Copies(Answer):
    items = fields.List(fields.Nested(Copy))


class CommentBody(Body):
    text = Text(required=True, longest=COMMENT_LENGTH, shortest=1)


class Comment(Answer):
    seq = Whole()
    at = Instant()
    author = Text()
    authorName = Text(attribute="author_name")
    text = Text()


class Comments(Answer):
    items = fields.List(fields.Nested(Comment))


class Said(Answer):
    """The comment's place in the matter's history."""

    seq = Whole()


class FileForm(Body):
    """The text parts beside the file: none."""


class File(Answer):
    """A file as forms refer to it: the value of a file field is a list of these."""

    id = Text()
    name = Text()
    size = Whole()
    type = Text()


class Files(Answer):
    items = fields.List(fields.Nested(File))


class Withdrawal(Body):
    reason = Text(required=True, longest=500, shortest=1)


# -- copies ------------------------------------------------------------------------------------------


@area.get("/matters/<matter_no>/copies", "listCopies", "列出抄送与已阅回执", answer=Copies)
def list_copies(call: Call, matter_no: str) -> dict[str, Any]:
    found = instances.by_number(call.work, matter_no)
    return {"items": [_plain(one) for one in copies.of_matter(call.work, found.key)]}


@area.post(
    "/matters/<matter_no>/copies",
    "sendCopies",
    "抄送：让别人阅知，只能看不能办",
    body=CopyBody,
    answer=Copies,
)
def send_copies(call: Call, matter_no: str) -> dict[str, Any]:
    """Who was sent it before is not sent it again."""
    found = instances.by_number(call.work, matter_no)
    matters.copy_to(call.work, found.key, call.body["persons"], call.body["note"])
    return {"items": [_plain(one) for one in copies.of_matter(call.work, found.key)]}


@area.post("/matters/<matter_no>/copies/read", "readCopy", "标记抄送给自己的事项已阅")
def read_copy(call: Call, matter_no: str) -> None:
    copies.mark_read(call.work, instances.by_number(call.work, matter_no).key)


# -- comments ----------------------------------------------------------------------------------------


@area.get("/matters/<matter_no>/comments", "listComments", "列出事项的留言，旧的在前", answer=Comments)
def list_comments(call: Call, matter_no: str) -> dict[str, Any]:
    found = instances.by_number(call.work, matter_no)
    return {"items": [_plain(one) for one in matters.comments(call.work, found.key)]}


@area.post(
    "/matters/<matter_no>/comments", "addComment", "留言，事项涉及的人都能看到", body=CommentBody, answer=Said
)
def add_comment(call: Call, matter_no: str) -> dict[str, Any]:
    found = instances.by_number(call.work, matter_no)
    return {"seq": matters.comment(call.work, found.key, call.body["text"])}


# -- files -------------------------------------------------------------------------------------------


@area.get("/matters/<matter_no>/attachments", "listMatterAttachments", "列出事项的附件", answer=Files)
def list_files(call: Call, matter_no: str) -> dict[str, Any]:
    """Those shared with everybody the matter concerns, and those in what was handed in."""
    found = instances.by_number(call.work, matter_no)
    listed = call.product.attachments.of_matter(call.work, found.key)
    return {"items": [{"id": f.id, "name": f.name, "size": f.size, "type": f.media_type} for f in listed]}


@area.post(
    "/matters/<matter_no>/attachments",
    "addMatterAttachment",
    "给事项添加附件，事项涉及的人都能看到",
    body=FileForm,
    files=FILE,
    answer=File,
)
def add_file(call: Call, matter_no: str) -> dict[str, Any]:
    found = instances.by_number(call.work, matter_no)
    return dict(call.product.attachments.share(call.work, found.key, _sent()))


@area.get(
    "/user-tasks/<key:key>/attachments", "listTaskAttachments", "列出自己为任务的表单上传的文件", answer=Files
)
def list_task_files(call: Call, key: int) -> dict[str, Any]:
    task = user_tasks.get(call.work, key)
    return {"items": call.product.attachments.uploaded(call.work, task.instance_key)}


@area.post(
    "/user-tasks/<key:key>/attachments",
    "addTaskAttachment",
    "为任务的表单上传文件；答复就是文件栏要填的内容",
    body=FileForm,
    files=FILE,
    answer=File,
)
def add_task_file(call: Call, key: int) -> dict[str, Any]:
    """Seen by the caller alone until the form is handed in."""
    task = user_tasks.take_up(call.work, key)
    return dict(call.product.attachments.keep(call.work, task.instance_key, _sent()))


@area.get("/attachments/<name>", "downloadAttachment", "下载附件", answer=BYTES)
def download(call: Call, name: str) -> Response:
    """As plain bytes whatever it is: its type stands in the lists."""
    stored = call.product.attachments.find(call.work, name)
    return send_file(stored.path, mimetype=BYTES, as_attachment=True, download_name=stored.name)


def _sent() -> Upload:
    """The file of the request, if it is one that is taken."""
    file = request.files.get(FILE)
    if file is None:
        raise Problem(400, _("没有收到文件，请用 multipart/form-data 的 file 字段上传。"))
    return taken(file)


# -- the whole ---------------------------------------------------------------------------------------


@area.post("/matters/<matter_no>/withdrawal", "withdrawMatter", "撤销自己发起的事项", body=Withdrawal)
def withdraw(call: Call, matter_no: str) -> None:
    """Only where the process provides for it, and only by whoever started the matter."""
    found = instances.by_number(call.work, matter_no)
    matters.withdraw(call.work, found.key, call.body["reason"])


def _plain(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}
