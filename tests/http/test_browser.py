"""The page in a browser: by keyboard, on a phone, in the dark, without a script, under attack.

The browser is the system's Chromium. With NKQA_SCREENSHOTS set to a folder, what it shows is kept
there.
"""

import itertools
import os
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from qa import build_index
from seeds import articles as shipped_articles

pytestmark = pytest.mark.slow

_QUESTION = "How many workers are in Russia?"
_ANSWER = "As many as 30,000 workers"
_ASKED = "/?" + urllib.parse.urlencode({"question": _QUESTION})
_STATES = {
    "start": "/",
    "answer": _ASKED,
    "far": "/?question=How+do+I+bake+sourdough+bread%3F&since=2019-04-01",
    "nothing": "/?question=sanctions&until=1900",
    "wrong": "/?question=x&source=Nobody",
    "empty": "/?question=",
    "article": "/articles/seeds/kim-russia-leverage.md?start=1925&end=2047#passage",
    "stale": "/articles/seeds/kim-russia-leverage.md?start=1925&end=99999#passage",
    "missing": "/articles/none",
    "docs": "/docs",
}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shipped") / "index"
    build_index([shipped_articles()], path)
    return path


@pytest.fixture
def url(serve: Any, shipped: Path) -> str:
    return str(serve(shipped).url).rstrip("/")


class Watched:
    """Pages of one context, and everything in them that should not happen."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.requests: list[str] = []

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        return page

    def _console(self, message: ConsoleMessage) -> None:
        # The status of an error page is told as an error, too.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.errors.append(message.text)

    def refuse(self, url: str) -> None:
        """Fails if anything ran, complained or left the server."""
        assert self.dialogs == []
        assert self.errors == []
        assert {urllib.parse.urlsplit(each).netloc for each in self.requests} == {
            urllib.parse.urlsplit(url).netloc
        }


@pytest.fixture
def watched(browser: Any) -> Iterator[Callable[..., Watched]]:
    """A browser's window: `watched(viewport=..., color_scheme=...)`."""
    contexts = []

    def made(**options: Any) -> Watched:
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 800}, **options})
        contexts.append(context)
        return Watched(context)

    yield made
    for context in contexts:
        context.close()


def _keep(page: Page, name: str) -> None:
    if folder := os.environ.get("NKQA_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"page-{name}.png", full_page="article" not in name)


def _listens(page: Page) -> None:
    """Waits for the script, which may run after the answer is seen; it shows the keys."""
    expect(page.locator(".keys")).to_be_visible()


def _in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


def test_a_question_is_asked_and_its_source_opened_by_keyboard_alone(
    url: str, watched: Callable[..., Watched]
) -> None:
    window = watched()
    page = window.page()
    page.goto(url)
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(_QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".citation mark").first).to_contain_text(_ANSWER)
    # Filters that were left empty are not in the address to share.
    assert page.url == url + _ASKED
    links = page.locator("a.open")
    _listens(page)
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    assert links.nth(1).evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#passage")).to_contain_text(_ANSWER)
    assert page.url.endswith("#passage")
    assert _in_view(page, "#passage")
    _listens(page)
    page.keyboard.press("Escape")
    expect(page.locator(".citation mark").first).to_contain_text(_ANSWER)
    _listens(page)
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("Who is Stephen Biegun?")
    page.keyboard.press("Enter")
    expect(page.locator(".citation mark").first).to_contain_text("Biegun")
    window.refuse(url)


def test_a_shared_address_shows_the_same_in_another_browser(
    url: str, watched: Callable[..., Watched]
) -> None:
    page = watched().page()
    page.goto(url + _ASKED)
    shared = page.locator("a.open[href*=putin]").first.get_attribute("href")
    other = watched(viewport={"width": 390, "height": 700}).page()
    other.goto(f"{url}{shared}")
    expect(other.locator("#passage")).to_contain_text("10,000 North Korean laborers")
    assert _in_view(other, "#passage")


def test_asking_works_without_a_script(url: str, watched: Callable[..., Watched]) -> None:
    page = watched(java_script_enabled=False).page()
    page.goto(url)
    page.get_by_label("Ask the articles").fill(_QUESTION)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".citation mark").first).to_contain_text(_ANSWER)
    expect(page.locator(".keys")).to_be_hidden()
    page.get_by_text("Why this passage").first.click()
    expect(page.get_by_text("In meaning").first).to_be_visible()
    page.locator("a.open").first.click()
    expect(page.locator("#passage")).to_contain_text(_ANSWER)
    assert _in_view(page, "#passage")


@pytest.mark.parametrize("width", [320, 360, 1100])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_fits_the_width_and_can_be_read(
    url: str, watched: Callable[..., Watched], width: int, scheme: str
) -> None:
    window = watched(viewport={"width": width, "height": 740}, color_scheme=scheme)
    page = window.page()
    for name, path in _STATES.items():
        page.goto(url + path)
        _keep(page, f"{name}-{scheme}-{width}")
        for summary in page.locator("summary:visible").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(_LEAST_CONTRAST) >= 4.5, name
    page.goto(url + _ASKED)
    page.keyboard.press("j")
    page.get_by_text("Why this passage").first.click()
    _keep(page, f"explained-{scheme}-{width}")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, dark[4:-1].split(","))) < 200) == (scheme == "dark")
    window.refuse(url)


# The least contrast of any text with what is behind it, by WCAG 2's formula.
_LEAST_CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = 21;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [rgb(getComputedStyle(element).color).slice(0, 3), behind(element)].map(light);
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
}"""  # noqa: E501


def test_who_cannot_see_the_page_is_told_what_is_where(
    url: str, watched: Callable[..., Watched]
) -> None:
    page = watched().page()
    page.goto(url + _ASKED)
    for role in ("banner", "main", "search", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_text("Only some articles").click()
    for label in ("Ask the articles", "From day", "To day", "Publisher", "How many passages"):
        expect(page.get_by_label(label)).to_be_visible()
    headings = page.locator("h1, h2, h3").evaluate_all("all => all.map(e => Number(e.tagName[1]))")
    assert headings[:3] == [1, 2, 3]
    assert all(later - sooner <= 1 for sooner, later in itertools.pairwise(headings))
    page.goto(url + _STATES["wrong"])
    expect(page.get_by_role("alert")).to_contain_text("It has:")
    expect(page.locator("#question")).to_have_attribute("aria-describedby", "wrong")


def test_nothing_in_articles_or_addresses_runs(
    serve: Any, hostile: Path, watched: Callable[..., Watched], payloads: tuple[str, ...]
) -> None:
    url = str(serve(hostile).url).rstrip("/")
    window = watched()
    page = window.page()
    page.goto(f"{url}/?question=seagulls&k=50")
    links = page.locator("a[href*='/articles/']").evaluate_all("all => all.map(a => a.href)")
    assert len(links) > 10
    hrefs = page.locator("a").evaluate_all("all => all.map(a => a.protocol)")
    assert set(hrefs) == {"http:"}
    for link in links:
        page.goto(link)
        assert "attacked" in page.locator(".text").inner_text()
    for payload in map(urllib.parse.quote_plus, payloads):
        for path in (
            f"/?question={payload}&since={payload}&source={payload}",
            f"/?question=seagulls&k={payload}",
            f"/articles/copy-0?start={payload}&end=4#{payload}",
            f"/articles/{payload.replace('/', '%2F')}",
        ):
            page.goto(url + path)
            page.keyboard.press("j")
    window.refuse(url)


def test_a_token_is_given_once_in_the_page(
    serve: Any, shipped: Path, watched: Callable[..., Watched]
) -> None:
    url = str(serve(shipped, "--token", "opensesame").url).rstrip("/")
    window = watched()
    page = window.page()
    page.goto(url + _ASKED)
    _keep(page, "locked-light-1100")
    page.get_by_label("This server asks for its token").fill("wrong")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("alert")).to_contain_text("not the token")
    page.get_by_label("This server asks for its token").fill("opensesame")
    page.keyboard.press("Enter")
    expect(page.locator(".citation mark").first).to_contain_text(_ANSWER)
    assert page.url == url + _ASKED
    assert page.evaluate("document.cookie") == ""
    window.refuse(url)
