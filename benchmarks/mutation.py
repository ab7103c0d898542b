"""Every change to both shipped packs, one at a time, and who notices each.

    python -m benchmarks.mutation

Writes benchmarks/results/mutation.json, prints the shares in one line, and exits 1 where a
compliance line may change unnoticed, too many others may, or a survivor is not explained.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from dialogs.loader import SHIPPED
from gateway.dialogs.mutating import as_json, mutate

RESULTS = Path(__file__).parent / "results"
PACKS = ("collections-us", "collections-uk")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.parse_args(arguments)
    packs = {name: as_json(mutate(SHIPPED / name)) for name in PACKS}
    found = msgspec.json.encode({"mutation": "one change at a time", "packs": packs})
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "mutation.json").write_bytes(msgspec.json.format(found) + b"\n")
    shares = {name: told["shares"] for name, told in packs.items()}
    print(msgspec.json.encode(shares).decode())
    return 0 if all(told["holds"] for told in packs.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
