"""The one way a ledger is refused."""


class LedgerDeclined(Exception):
    """The file, or one sheet of it, is not read; `reason` is a Chinese sentence for the person who uploaded it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
