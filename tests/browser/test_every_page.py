"""Every page of the desk, as each role comes to it, in both languages and at both widths: nothing an ear, a keyboard
or a narrow screen would stumble over.

The pages are gathered, not listed: what the url table gives a role without a key, and what those pages lead to. A page
that is new tomorrow is looked at tomorrow.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from django.urls.exceptions import NoReverseMatch
from playwright.sync_api import BrowserContext, Page

from qiaomen.office.access import permission_table
from tests.browser.conftest import ROOT, Server, in_own_time

pytestmark = pytest.mark.browser
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
ROLES = {
    "zhuren-c": "head",
    "wangge-c": "worker",
    "xiaodui-c": "volunteer",
    "xianji": "supervisor",
    "shenji": "auditor",
    "guanli": "admin",
}
NO_PAGES = {
    "sheets:past",
    "imports:receipt",
    "sheets:export-file",
    "office:photo-original",
    "office:photo-copy",
    "visits:photo",
}
"""Routes that answer a file."""
WORLD = """
import django; django.setup()
from qiaomen.office.models import Organisation, Staff
from simtown import play, weeks
from simtown.world.people import PLANS, Plan
PLANS["C"] = Plan("SGX-C", "旧厂院社区", 20, 52, ("旧厂院",))
play.DOORS["C"], weeks.TRIES, weeks.WEEKS = 6, 60, 1
play.play(only="C")
grid, community = Organisation.objects.get(code="SGX-C-1"), Organisation.objects.get(code="SGX-C")
Staff.objects.create_user("wangge-c", play.PASSWORD, name="温网格", role="worker", organisation=grid)
Staff.objects.create_user("xiaodui-c", play.PASSWORD, name="小队 常青", role="volunteer", organisation=community)
"""
OVERFLOW = """() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility()
    && !e.closest(".table-responsive, .qm-elevation, .qm-grid, svg"))
  .slice(0, 3).map(e => e.tagName + "." + e.className)"""
EMPTY = """() => [...document.querySelectorAll("h1, h2, h3, h4, th, legend, label")]
  .filter(e => e.checkVisibility() && !e.matches("th") && !e.innerText.trim() && !e.querySelector("input, svg"))
  .map(e => e.outerHTML.slice(0, 80))"""
SMALL = """() => [...document.querySelectorAll("main *, nav *, header *")]
  .filter(e => e.checkVisibility() && !e.closest("svg") && parseFloat(getComputedStyle(e).fontSize) < 14
    && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .slice(0, 3).map(e => e.tagName + "." + e.className + " " + getComputedStyle(e).fontSize)"""


MARKS = """() => {
  const wrong = [], english = document.documentElement.lang.startsWith("en")
  const found = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (found.nextNode()) {
    const text = found.currentNode.data.trim(), han = /[\u3400-\u9fff]/.test(text)
    if (found.currentNode.parentElement.closest("script, style, textarea")) continue
    if (english && !han && /[，、；：。（）？！]/.test(text)) wrong.push(text.slice(0, 60))
    if (!english && /[\u3400-\u9fff][,;:?!](?!\d)/.test(text)) wrong.push(text.slice(0, 60))
    if (!english && /[\u3400-\u9fff] +[，、；：。（）？！]/.test(text)) wrong.push(text.slice(0, 60))
  }
  return wrong.slice(0, 3)
}"""


def routes_of(role: str) -> list[str]:
    """The addresses without a key that the table lets a role look at."""
    found = []
    for (route, method), permission in sorted(permission_table().items()):
        if method == "GET" and role in permission.roles and route not in NO_PAGES:
            try:
                found.append(reverse(route))
            except NoReverseMatch:
                continue
    return found


def kind_of(path: str) -> str:
    """The route an address belongs to, with what it asks for; "" for what is no page of the desk."""
    parts = urlsplit(path)
    try:
        route = resolve(parts.path).view_name
    except Resolver404:
        return ""
    roles = permission_table().get((route, "GET"))
    return "" if roles is None or route in NO_PAGES or roles.roles & {"device", "public"} else route


class Walk:
    """One role's way through the desk: each route once."""

    def __init__(self, page: Page, role: str) -> None:
        self.page, self.todo, self.seen = page, routes_of(role), set[str]()
        self.wrong: list[str] = []
        self.looked = 0

    def go(self, skip: set[str]) -> Iterator[str]:
        while self.todo:
            path = self.todo.pop(0)
            kind = kind_of(path)
            if not kind or kind in self.seen | skip:
                continue
            self.seen.add(kind)
            answer = self.page.goto(path)
            assert answer is not None
            if not answer.ok:
                self.wrong.append(f"{path} answers {answer.status}")
                continue
            links: list[str] = self.page.eval_on_selector_all(
                "a[href^='/']", "all => all.map(a => a.getAttribute('href'))"
            )
            self.todo += [link for link in links if kind_of(link) not in self.seen]
            yield kind

    def look(self, kind: str) -> None:
        """Hold the page against the rules, wide and narrow."""
        for size in (WIDE, NARROW):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            t = time.time()
            found: list[dict[str, Any]] = self.page.evaluate(RUN)
            self.axe = getattr(self, "axe", 0) + time.time() - t
            at = f"{kind} {size['width']}"
            self.wrong += [f"{at}: {item['id']} {item['nodes']}" for item in found]
            if self.page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                self.wrong.append(f"{at}: wider than the screen {self.page.evaluate(OVERFLOW)}")
            self.wrong += [f"{at}: empty {tag}" for tag in self.page.evaluate(EMPTY)]
            self.wrong += [f"{at}: small letters {tag}" for tag in self.page.evaluate(SMALL)]
            self.looked += 1
        self.wrong += [f"{kind}: marks of the other language in {text!r}" for text in self.page.evaluate(MARKS)]
        self.page.evaluate("document.documentElement.dataset.large = ''")
        if self.page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]:
            self.wrong.append(f"{kind} in large letters: wider than the screen {self.page.evaluate(OVERFLOW)}")


RUN = """() => axe.run(document, {
  runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
  rules: {"label-content-name-mismatch": {enabled: true}}, resultTypes: ["violations"], preload: false, iframes: false
}).then(result => result.violations.map(v => (
  {id: v.id, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 120) + " | " + n.failureSummary.slice(0, 160))})))"""


def context_of(browser: Any, server: Server, locale: str) -> BrowserContext:
    """A browser of a person who reads a language."""
    context = browser.new_context(
        base_url=server.url, locale=locale, timezone_id="Asia/Shanghai", viewport=WIDE, bypass_csp=True
    )
    context.set_default_timeout(30000)
    context.add_init_script(path=AXE)
    return in_own_time(context)


CJK = re.compile(r"[\u3400-\u9fff]")


def test_every_page_of_every_role_is_fit_for_everybody(browser: Any, server: Server, tmp_path: Path) -> None:
    server.run(WORLD)
    wrong: list[str] = []
    began = time.time()
    for locale in ("zh-CN", "en-GB"):
        seen: set[str] = set()
        for name, role in ROLES.items():
            context = context_of(browser, server, locale)
            page = context.new_page()
            page.goto("/login/")
            sign_in_as(page, name)
            walk = Walk(page, role)
            for kind in walk.go(seen - {"desk:today"}):
                walk.look(kind)
            wrong += [f"{locale} {role} {words}" for words in walk.wrong]
            print(locale, role, len(walk.seen), walk.looked, time.time() - began, walk.axe)
            seen |= walk.seen
            context.close()
    print("\n".join(wrong))
    assert not wrong, "\n".join(wrong)


def sign_in_as(page: Page, name: str) -> None:
    page.locator("[name=login_name]").fill(name)
    page.locator("[name=password]").fill("qiaomen-demo")
    page.locator("form button.btn-primary").click()
    page.wait_for_url("**/desk/")
