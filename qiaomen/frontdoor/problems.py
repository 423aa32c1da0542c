"""What the front door refuses, in words: JSON for the phone's API, a plain page for everybody else."""

import json
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.problems import Problem

PAGE = """<!doctype html>
<html lang="{}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
<body style="font:1.1rem/1.7 sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem">
<h1>{}</h1><p>{}</p><p>{}</p><p>{}</p></body></html>
"""


class TooLarge(Problem):
    """More bytes than this page takes; `most` in megabytes."""

    code = "frontdoor.too-large"
    status = 413
    title = _("这个文件太大")
    what = _("这一页一次最多收 {most} MB，这次发来的更大，没有收下。")
    safe = _("什么都没有写入，原来的内容都在。")
    do_next = _("请只留要用的工作表，或者拆成几份再传；照片请缩小后再传。")


class TooSlow(Problem):
    """The body came slower than the slowest line."""

    code = "frontdoor.too-slow"
    status = 408
    title = _("网络太慢，没有传完")
    what = _("内容传得太慢，等不到传完，这次没有收下。")
    safe = _("什么都没有写入；手机里已存的走访都在。")
    do_next = _("请到信号好的地方再试；手机会自己再交。")


class TooManyAtOnce(Problem):
    """One address, or all together, have too much in flight."""

    code = "frontdoor.too-many-at-once"
    status = 429
    title = _("同时来的太多")
    what = _("从您这个网络地址同时来的请求太多，这一次没有处理。")
    safe = _("什么都没有写入；手机里已存的走访都在。")
    do_next = _("请过半分钟再试；手机会自己再交。一直这样，请告诉系统管理员。")


def _language(cookies: str, accepted: str) -> str:
    try:
        chosen = SimpleCookie(cookies).get(settings.LANGUAGE_COOKIE_NAME)
    except CookieError:
        chosen = None
    if chosen is not None and chosen.value in dict(settings.LANGUAGES):
        return chosen.value
    return "en" if accepted.lower().startswith("en") else settings.LANGUAGE_CODE


def show(problem: Problem, path: str, headers: dict[str, str]) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return headers and content of a refusal in the reader's language."""
    with translation.override(_language(headers.get("COOKIE", ""), headers.get("ACCEPT_LANGUAGE", ""))):
        said: dict[str, Any] = problem.as_dict()
        language = translation.get_language() or settings.LANGUAGE_CODE
    if path.startswith("/api/"):
        kind, content = "application/json", json.dumps(said)
    else:
        words = (said["title"], said["title"], said["what"], said["safe"], said["do_next"])
        kind, content = "text/html; charset=utf-8", format_html(PAGE, language, *words)
    body = content.encode()
    headers_out = {
        "content-type": kind,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",
        "retry-after": "30",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }
    return [(name.encode(), value.encode()) for name, value in headers_out.items()], body
