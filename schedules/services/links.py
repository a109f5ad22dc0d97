"""Addresses of our own pages, signed: who has the address may see and do what it says, and nothing else."""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

LETTER_SECONDS = 30 * 60
"""How long the address of a letter holds: long enough to print it, too short to be left lying about."""


@dataclass(frozen=True, slots=True)
class LetterLink:
    """The letter of one referral's case, for one reader."""

    referral: str
    reader: str


SURVEY_PAGE, FOLLOW_UP_PAGE = "enkat", "uppfoljning"


@dataclass(frozen=True, slots=True)
class FormLink:
    """A form for one reader (person id): the survey of a year, or the follow-up of a referral."""

    subject: str
    reader: str


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads the addresses.

    Args:
        key: gives the stable key that signs them.
        base: where people reach us, without a slash at the end; None: nowhere, and no address is made.
        seconds: real time in seconds since 1970; signatures never use the movable clock.
    """

    key: Callable[[], bytes] = field(repr=False)
    base: str | None = None
    seconds: Callable[[], float] = time.time

    def answer(self, public_id: str) -> str | None:
        """The page of one invitation. A new time renews the public id, and so the address."""
        return self._address("svar", public_id)

    def invitation(self, token: str) -> str | None:
        """The public id of an answer page's token; None if we did not sign it."""
        return self._signed("svar", token)

    def letter(self, link: LetterLink) -> str | None:
        """The letter to the person, from now and for `LETTER_SECONDS`."""
        until = int(self.seconds()) + LETTER_SECONDS
        said = "\n".join((link.referral, link.reader, str(until)))
        return self._address("brev", urlsafe_b64encode(said.encode()).decode().rstrip("="))

    def letter_of(self, token: str) -> LetterLink | None:
        """What a letter's token leads to; None if we did not sign it, or its time is up."""
        said = self._signed("brev", token)
        if said is None:
            return None
        padded = said + "=" * (-len(said) % 4)
        referral, reader, until = urlsafe_b64decode(padded).decode().split("\n")
        return LetterLink(referral, reader) if self.seconds() < int(until) else None

    def form(self, page: str, link: FormLink) -> str | None:
        """A form for a reader without Slack; it holds as long as the form is asked for."""
        said = f"{link.subject}\n{link.reader}"
        return self._address(page, urlsafe_b64encode(said.encode()).decode().rstrip("="))

    def form_of(self, page: str, token: str) -> FormLink | None:
        """What a form's token leads to; None if we did not sign it."""
        said = self._signed(page, token)
        if said is None:
            return None
        subject, reader = urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode().split("\n")
        return FormLink(subject, reader)

    def _address(self, page: str, said: str) -> str | None:
        return f"{self.base}/{page}/{said}-{self._signature(page, said)}" if self.base else None

    def _signed(self, page: str, token: str) -> str | None:
        said, _, signature = token.rpartition("-")
        right = self._signature(page, said)
        return said if said and hmac.compare_digest(right.encode(), signature.encode()) else None

    def _signature(self, page: str, said: str) -> str:
        # Hexadecimal: programs that find addresses in a text stop at other signs. 128 bits are enough.
        return hmac.digest(self.key(), f"{page}:{said}".encode(), "sha256").hex()[:32]
