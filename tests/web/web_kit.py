"""What tests of the web app share: a running server, and a browser that notes every request."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1280, "height": 800}
HOST = "127.0.0.1:8000"
OWN = {"Origin": f"http://{HOST}"}
SLOW_MS = 600_000
"""Longer than anything here takes on any computer; a test goes on as soon as it is there."""
expect.set_options(timeout=SLOW_MS)


@dataclass
class Served:
    """A running ``runfree serve``: where it is, its data, and the address that works once."""

    root: str
    launch: str
    folder: Path
    process: subprocess.Popen[str]


@dataclass
class Visit:
    """A signed-in browser, with every request it made and everything it complained about."""

    context: BrowserContext
    page: Page
    root: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        """Note what a page requests and complains about."""
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        return page

    def go(self, path: str) -> Page:
        """Open one of our pages."""
        self.page.goto(self.root + path)
        return self.page
