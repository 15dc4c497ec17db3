"""A real browser without a window, for what only one can tell: scripts, keys, widths, requests, complaints."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

MISSING = "no Chromium with its driver is installed: apt-get install chromium chromium-driver"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
)


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """A driver of Chromium that can reach no network; the test is skipped where there is no browser."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    program = next((path for name in names if (path := shutil.which(name))), None)
    helper = shutil.which("chromedriver")
    if program is None or helper is None:
        pytest.skip(MISSING)
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in (*QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(helper))
    try:
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd(
            "Network.setBlockedURLs", {"urls": ["http://*", "https://*", "ws://*", "wss://*", "ftp://*"]}
        )
        yield driver
    finally:
        driver.quit()


class Reader:
    """Someone who reads pages in a browser."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, page: Path, width: int = 1280, **media: str) -> None:
        """Open a page at a width of the window; `media` are features such as ``prefers_reduced_motion``."""
        features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get(page.as_uri())

    def ask(self, script: str, *given: Any) -> Any:
        """Value of a script run in the page."""
        return self.driver.execute_script(script, *given)

    def find(self, selector: str) -> Any:
        """First element that a CSS selector names."""
        return self.driver.find_element("css selector", selector)

    def press(self, selector: str, *keys: str) -> None:
        """Give an element the focus and press keys there."""
        element = self.find(selector)
        self.ask("arguments[0].focus()", element)
        element.send_keys(*keys)

    def told(self) -> str:
        """What was last read out, without the marks that keep directions apart."""
        text = str(self.ask("return document.getElementById('told').textContent"))
        return text.replace("\u2068", "").replace("\u2069", "")

    def complaints(self) -> list[str]:
        """What the console holds."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked_for(self) -> list[str]:
        """Addresses that were requested since this was last asked."""
        entries = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [e["params"]["request"]["url"] for e in entries if e["method"] == "Network.requestWillBeSent"]
