"""A headless Chromium, driven over the DevTools protocol: what a customer sees and presses."""

import asyncio
import base64
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from tests.browser.peer import AXE, chromium

PATIENCE = 60.0
"""Seconds; a guard for busy machines."""
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip
KEYS = {"Tab": 9, "Enter": 13, "Space": 32, "ArrowDown": 40}
TYPED = {"Enter": "\r", "Space": " "}


@dataclass
class Browser:
    """One tab. `seen` are the requests that it made since it was cleared, by URL."""

    socket: ClientWebSocketResponse
    session: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    logged: list[str] = field(default_factory=list)
    _number: int = 0
    _waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _loaded: asyncio.Event = field(default_factory=asyncio.Event)
    _urls: dict[str, str] = field(default_factory=dict)

    async def listen(self) -> None:
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                break
            told = message.json()
            if "id" in told:
                self._waiting.pop(told["id"]).set_result(told)
            else:
                self._note(told["method"], told["params"])

    def _note(self, method: str, given: dict[str, Any]) -> None:
        match method:
            case "Page.loadEventFired":
                self._loaded.set()
            case "Network.responseReceived":
                self._urls[given["requestId"]] = given["response"]["url"]
            case "Network.loadingFinished":
                url = self._urls.get(given["requestId"], "")
                self.seen[url] = int(given["encodedDataLength"])
            case "Log.entryAdded" if given["entry"]["source"] != "network":  # 422 and the like
                self.logged.append(f"{given['entry']['level']}: {given['entry']['text']}")

    async def tell(self, method: str, **given: Any) -> Any:
        self._number += 1
        future = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        told = {"id": self._number, "method": method, "params": given}
        await self.socket.send_json(told | ({"sessionId": self.session} if self.session else {}))
        answer = await asyncio.wait_for(future, PATIENCE)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    async def begin(self) -> None:
        target = await self.tell("Target.createTarget", url="about:blank")
        named = await self.tell("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = named["sessionId"]
        for domain in ("Page", "Network", "Log", "DOM", "Runtime"):
            await self.tell(f"{domain}.enable")

    async def looks_like(self, width: int, *, zoom: float = 1, scripts: bool = True) -> None:
        """A window so wide in CSS pixels, each of them drawn with `zoom` of the screen's."""
        await self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=720,
            deviceScaleFactor=zoom,
            mobile=width < 600,
        )
        await self.tell("Emulation.setScriptExecutionDisabled", value=not scripts)

    async def go(self, url: str) -> None:
        self._loaded.clear()
        await self.tell("Page.navigate", url=url)
        await asyncio.wait_for(self._loaded.wait(), PATIENCE)

    async def ask(self, expression: str) -> Any:
        """What an expression gives, as JSON."""
        found = await self.tell(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def press(self, key: str) -> None:
        code = KEYS[key]
        name = " " if key == "Space" else key
        given = {"key": name, "code": key, "windowsVirtualKeyCode": code}
        text = TYPED.get(key)
        await self.tell(
            "Input.dispatchKeyEvent",
            type="keyDown" if text else "rawKeyDown",
            **given,
            **({"text": text} if text else {}),
        )
        await self.tell("Input.dispatchKeyEvent", type="keyUp", **given)

    async def type(self, text: str) -> None:
        await self.tell("Input.insertText", text=text)

    async def tab_to(self, selector: str) -> None:
        """By the Tab key alone; what is on the way must show that it has the focus."""
        for _ in range(200):
            await self.press("Tab")
            if await self.ask(f"document.activeElement?.matches({selector!r})"):
                return
        raise AssertionError(f"{selector} is out of the keyboard's reach")

    async def enter(self) -> None:
        """Presses what has the focus, and waits for the page that it leads to."""
        self._loaded.clear()
        await self.press("Enter")
        await asyncio.wait_for(self._loaded.wait(), PATIENCE)

    async def violations(self) -> list[str]:
        """What axe finds, by rule and element."""
        await self.ask(AXE.read_text("utf-8") + ";0")
        found = await self.ask(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"
        )
        return list(found)

    async def picture(self) -> bytes:
        """A PNG of the whole page."""
        shot = await self.tell("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])


@asynccontextmanager
async def chrome() -> AsyncIterator[Browser]:
    path = chromium()
    assert path is not None
    with tempfile.TemporaryDirectory(prefix="chrome-", ignore_cleanup_errors=True) as home:
        process = await asyncio.create_subprocess_exec(
            path,
            *FLAGS,
            f"--user-data-dir={home}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            url = await asyncio.wait_for(_address(process), PATIENCE)
            async with ClientSession() as session, session.ws_connect(url, max_msg_size=0) as ws:
                browser = Browser(ws)
                listening = asyncio.create_task(browser.listen())
                await browser.begin()
                yield browser
                listening.cancel()
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode(errors="replace"):
        if "DevTools listening on " in line:
            return line.partition("DevTools listening on ")[2].strip()
    raise AssertionError("Chromium ended before it listened")
