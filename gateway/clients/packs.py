"""Whether a client's dialog pack is there, is the one that was tested, and has what it needs."""

from collections.abc import Iterator, Mapping

from dialogs.findings import PackError
from dialogs.loader import load_shipped
from dialogs.pack import Pack
from gateway.clients.findings import Flaw
from gateway.clients.model import ClientConfig

Packs = Mapping[str, Mapping[str, Pack]]
"""Published packs by name and version, the newest last."""


def flaws_of_pack(config: ClientConfig, packs: Packs | None = None) -> Iterator[Flaw]:
    """Against the published packs where there are such, and the shipped ones."""
    known = dict((packs or {}).get(config.pack, {}))
    newest = next(reversed(known.values()), None)
    try:
        shipped = load_shipped(config.pack)
    except PackError as error:
        if newest is None:
            first = error.findings[0]
            yield Flaw(("pack",), "pack", first.reason, first.mend)
            return
        shipped = newest
    known.setdefault(shipped.version, shipped)
    pack = known.get(config.pack_version or "", newest or shipped)
    if config.pack_version not in (None, pack.version):
        reason = f"{config.pack} is at version {pack.version}"
        mend = f'test the clients with it and write pack_version: "{pack.version}"'
        yield Flaw(("pack_version",), "pack", reason, mend)
    yield from unmet_by(config, pack)


def unmet_by(config: ClientConfig, pack: Pack) -> Iterator[Flaw]:
    """What the client needs and this version of its pack has not."""
    for number, jurisdiction in enumerate(config.jurisdictions):
        if jurisdiction not in pack.jurisdictions:
            reason = f"{config.pack} is not written for {jurisdiction}"
            yield Flaw(("jurisdictions", number), "pack", reason, "choose another pack")
    for number, locale in enumerate(config.locales):
        if locale not in pack.responses:
            known = ", ".join(pack.responses)
            reason = f"{config.pack} has no texts in {locale}"
            yield Flaw(("locales", number), "pack", reason, f"it has {known}")
    for number, sequence in enumerate(config.sequences):
        if sequence.name not in pack.sequences:
            known = ", ".join(sorted(pack.sequences)) or "none"
            reason = f"{config.pack} has no sequence {sequence.name}"
            yield Flaw(("sequences", number, "name"), "sequence", reason, f"it has: {known}")
