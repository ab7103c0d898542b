"""The service as it runs: a customer's words wake people, and the figures say so."""

import aiohttp
import pytest

from channels.contract import Channel
from gateway.app import start
from gateway.storage import Store
from gateway.storage.clients import apply_client
from tests.handoffs.mailbox import Mailbox, listening
from tests.outcomes.host import until
from tests.pipeline.world import HARBOR, VIA, Clock, Provider, text_from
from tests.service.conftest import settings


@pytest.mark.parametrize("words", ["i want to kill myself", "no point in living any more"])
async def test_a_customer_at_risk_is_told_of(
    store: Store, clock: Clock, url: str, words: str
) -> None:
    await store.transact("apply", lambda tx: apply_client(tx, HARBOR))
    provider = Provider()
    channels: dict[str, Channel] = {"phone": provider}
    mailbox = Mailbox()
    async with listening(mailbox) as port:
        given = settings(url, alert_smtp=f"smtp://127.0.0.1:{port}", alert_to="duty@harbor.example")
        service = await start(given, store=store, channels=channels)
        try:
            await service.intake.accept([text_from(text=words)], VIA)
            await until(lambda: bool(mailbox.letters and provider.sent))
            async with aiohttp.ClientSession() as http:
                text = await (await http.get(f"{service.url}/metrics")).text()
        finally:
            await service.stop()
    assert "988" in provider.texts[0]
    assert "self_harm_risk" in mailbox.letters[0]["Subject"]
    assert words not in mailbox.letters[0].as_string()
    assert 'gateway_handoffs_open{state="open",urgency="now"} 1.0' in text
