"""What every understander is and does."""

from collections.abc import Sequence
from typing import Protocol

from domain.understanding import Reply, Understanding


class Understander(Protocol):
    """Understands a batch; never raises for any text. One answer per reply, in order."""

    version: str  # names the model, as kept with what it understood

    async def understand(self, replies: Sequence[Reply]) -> Sequence[Understanding]: ...
