"""Where an outbox row stands."""

from enum import StrEnum


class LetterStatus(StrEnum):
    """All but `pending` and `claimed` are final: the next row of the stream may go."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"
