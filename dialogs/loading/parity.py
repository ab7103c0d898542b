"""The same texts in every locale: what one of them lacks would be noticed by customers first."""

from collections.abc import Sequence

from dialogs.loading.reading import Reader
from dialogs.loading.responses import ReadResponse, Responses


def check_parity(reader: Reader, responses: Responses) -> None:
    """A response, the id of a variation or a button that some locales have and another lacks."""
    if len(responses) < 2:
        return
    names = dict.fromkeys(name for texts in responses.values() for name in texts)
    for name in names:
        having = [locale for locale, texts in responses.items() if name in texts]
        first = responses[having[0]][name]
        for locale, texts in responses.items():
            if name not in texts:
                reader.report(
                    first.place, "locale-response", f"{locale} has no {name}",
                    f"add it to responses/{locale}.yml",
                )  # fmt: skip
            else:
                _alike(reader, name, [responses[one][name] for one in having], texts[name], locale)


def _alike(
    reader: Reader, name: str, others: Sequence[ReadResponse], here: ReadResponse, locale: str
) -> None:
    ours = {variation.id: variation for variation in here.variations}
    wanted: dict[str, int] = {}
    for variation in (variation for other in others for variation in other.variations):
        wanted[variation.id] = max(wanted.get(variation.id, 0), len(variation.buttons))
    for key, buttons in wanted.items():
        if key not in ours:
            reader.report(
                here.place, "locale-variation", f"{name} has no variation {key} in {locale}",
                f"add it to responses/{locale}.yml, or give both the same id",
            )  # fmt: skip
        elif len(ours[key].buttons) < buttons:
            reader.report(
                here.place, "locale-button", f"{name} has fewer buttons in {locale}",
                "give it the same buttons in the same order",
            )  # fmt: skip
