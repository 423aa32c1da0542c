"""Every page of the desk, as each role comes to it, in both languages and at both widths: nothing an ear, a keyboard
or a narrow screen would stumble over.

The pages are gathered, not listed: what the url table gives a role without a key, and what those pages lead to. A page
that is new tomorrow is looked at tomorrow.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from django.urls.exceptions import NoReverseMatch
from playwright.sync_api import BrowserContext, Page

from qiaomen.office.access import permission_table
from tests.browser.conftest import ROOT, Server, in_own_time
from tests.browser.steps import sign_in

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
    "cases:original-receipt",
    "cases:print",
    "cases:print-list",
    "cases:template-file",
    "sheets:past",
    "imports:receipt",
    "sheets:export-file",
    "office:photo-original",
    "office:photo-copy",
    "visits:photo",
    "visits:promise-effect",
}
"""Routes that answer a file, or a part of a page that only script asks for."""
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
WORDS = [
    "accesskeys",
    "aria-command-name",
    "aria-dialog-name",
    "aria-input-field-name",
    "aria-toggle-field-name",
    "button-name",
    "document-title",
    "empty-heading",
    "empty-table-header",
    "form-field-multiple-labels",
    "html-has-lang",
    "html-lang-valid",
    "image-alt",
    "image-redundant-alt",
    "input-button-name",
    "label",
    "label-content-name-mismatch",
    "label-title-only",
    "landmark-unique",
    "link-name",
    "page-has-heading-one",
    "role-img-alt",
    "scrollable-region-focusable",
    "select-name",
    "summary-name",
    "svg-img-alt",
    "valid-lang",
]
"""What in axe hangs on the words of a page or on their length: all that can differ where only the language does."""
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RULES = {
    "zh-hans": {1366: EVERYTHING, 390: EVERYTHING},
    "en": {390: {"type": "rule", "values": WORDS}},
}
"""What axe runs on a page by language and width; where it runs nothing, the page is still looked over by eye."""
OTHER = """async () => {
  const answer = await fetch(location.href, {cache: "no-store"})
  const other = new DOMParser().parseFromString(await answer.text(), "text/html")
  document.documentElement.lang = other.documentElement.lang
  document.title = other.title
  document.body.replaceWith(other.body)
  document.body.dispatchEvent(new CustomEvent("htmx:load", {bubbles: true}))
}"""
"""Puts the page's words of the other language into the page that stands: its styles and axe are there already."""
LINKS = """() => ({
  links: [...document.querySelectorAll("a[href^='/']")].map(a => a.getAttribute("href")),
  live: document.querySelector(".qm-live") !== null,
})"""
JUDGE = r"""async only => {
  const root = document.documentElement, wrong = [], english = root.lang.startsWith("en")
  await new Promise(done => new ResizeObserver(done).observe(root))  // the page has taken its new width
  const shown = [...document.querySelectorAll("body *")].filter(e => e.checkVisibility())
  const name = e => e.tagName + "." + e.className
  const tooWide = () => root.scrollWidth <= innerWidth ? [] : ["wider than the screen: " + shown
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.clientWidth && e.scrollWidth > e.clientWidth + 1)
    .filter(e => !e.closest(".table-responsive, svg")).slice(-3).map(name)]
  if (only) {
    const found = await axe.run(document, {
      runOnly: only, rules: only.type === "tag" ? {"label-content-name-mismatch": {enabled: true}} : {},
      resultTypes: ["violations"], preload: false, iframes: false,
    })
    for (const rule of found.violations)
      for (const node of rule.nodes.slice(0, 3)) wrong.push(rule.id + " " + node.html.slice(0, 120))
  }
  for (const e of shown.filter(e => e.matches("h1, h2, h3, h4, legend, label")))
    if (!e.innerText.trim() && !e.querySelector("input, svg")) wrong.push("empty " + name(e))
  for (const e of shown) {
    const says = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
    if (says && !e.closest("svg, noscript") && parseFloat(getComputedStyle(e).fontSize) < 14)
      wrong.push("small letters " + name(e))
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trim()
    if (texts.currentNode.parentElement.closest("script, style, textarea")) continue
    const bad = english ? /[，、；：。（）？！]/.test(text) && !/[\u3400-\u9fff]/.test(text)
      : /[\u3400-\u9fff][,;:?!](?!\d)/.test(text) || /[\u3400-\u9fff] +[，、；：。（）？！]/.test(text)
    if (bad) wrong.push("marks of the other language in " + text.slice(0, 60))
  }
  wrong.push(...tooWide())
  root.dataset.large = ""
  wrong.push(...tooWide().map(words => "large letters " + words))
  delete root.dataset.large
  return wrong
}"""
"""What is wrong with a page at one width: by axe, by what a narrow screen or large letters push out, by eye."""


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
        self.live = False

    def speak(self, language: str) -> None:
        """Ask the server in a language from here on."""
        here = urlsplit(self.page.url)
        origin = f"{here.scheme}://{here.netloc}"
        self.page.context.add_cookies([{"name": "django_language", "value": language, "url": origin}])

    def turn(self) -> None:
        """Turn the page that stands into the language now spoken; one that script fills is loaded anew."""
        if self.live:
            self.page.reload()
            self.page.locator(".tabulator-row").first.wait_for()
        else:
            self.page.evaluate(OTHER)

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
            found = self.page.evaluate(LINKS)
            self.todo += [link for link in found["links"] if kind_of(link) not in self.seen]
            self.live = found["live"]
            if self.live:
                self.page.locator(".tabulator-row").first.wait_for()  # the grid asks the server for its rows
            yield kind

    def look(self, kind: str, language: str) -> None:
        """Hold the page against the rules, wide and narrow, and the letters large; first as wide as the window is."""
        before = self.page.viewport_size
        for size in sorted((WIDE, NARROW), key=lambda size: size != before):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            width = size["width"]
            found: list[str] = self.page.evaluate(JUDGE, RULES[language].get(width))
            self.wrong += [f"{language} {kind} {width}: {words}" for words in found]
            self.looked += 1


def context_of(browser: Any, server: Server) -> BrowserContext:
    """A browser in which pages can be judged."""
    context = browser.new_context(
        base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=WIDE, bypass_csp=True
    )
    context.set_default_timeout(30000)
    context.add_init_script(path=AXE)
    return in_own_time(context)


def test_every_page_of_every_role_is_fit_for_everybody(browser: Any, server: Server) -> None:
    server.run(WORLD)
    wrong, looked, seen = list[str](), 0, set[str]()
    for name, role in ROLES.items():
        context = context_of(browser, server)
        page = context.new_page()
        sign_in(page, name)
        page.wait_for_url("**/desk/")
        walk = Walk(page, role)
        walk.speak("zh-hans")
        for kind in walk.go(seen - {"desk:today"}):
            walk.look(kind, "zh-hans")
            walk.speak("en")
            walk.turn()
            walk.look(kind, "en")
            walk.speak("zh-hans")
        wrong += [f"{role} {words}" for words in walk.wrong]
        seen |= walk.seen
        looked += walk.looked
        context.close()
    assert not wrong, "\n".join(wrong)
    assert looked > 200, "the walk has lost its way"
