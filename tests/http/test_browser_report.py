"""The evaluation's report in a browser: whole, quiet, and as wide as the screen."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One system's report and that of several, over the shipped questions."""
    folder = tmp_path_factory.mktemp("reports")
    made = {}
    for name, words in (("one", ["eval"]), ("several", ["eval", "ablation"])):
        made[name] = folder / f"{name}.html"
        program = f"import sys; sys.argv = ['nkqa', *{words!r}, '--html', {str(made[name])!r}]"
        program += "; from qa.cli.commands import main; main()"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    return made


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["one", "several"])
def test_a_report_shows_without_an_error_a_request_or_a_bar_to_scroll(
    browser: Any, reports: dict[str, Path], name: str, scheme: str, width: int
) -> None:
    report = reports[name]
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=True
    )
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url))
    page.goto(report.as_uri())
    page.locator("summary").first.click()
    assert page.locator("blockquote").first.is_visible()
    assert told == [report.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for plot in page.locator("svg").all():
        inside, frame = plot.evaluate("e => [e.getBBox(), e.viewBox.baseVal].map(b => "
                                      "[b.x, b.y, b.x + b.width, b.y + b.height])")  # fmt: skip
        assert inside[0] >= frame[0]
        assert inside[1] >= frame[1]
        assert inside[2] <= frame[2]
        assert inside[3] <= frame[3]
    if folder := os.environ.get("NKQA_SCREENSHOTS"):
        kept = Path(folder) / f"report-{name}-{scheme}-{width}.png"
        page.screenshot(path=kept, full_page=True)
    context.close()
