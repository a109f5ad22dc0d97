"""How long what is typed may be: the fields show it as their limit, the forms refuse what is longer."""

from __future__ import annotations

QUESTION_LEAST = 10
LIMITS = {
    "question": 2000,
    "urgency_reason": 500,
    "own_reference": 50,
    "needs": 500,
    "birth_year": 4,
    "reason": 1000,
    "agreed": 2000,
    "place": 200,
    "link": 500,
}
EARLIEST_BIRTH_YEAR = 1900
BOOKED = "booked"  # the value of `slot` in `referral_details` that keeps the time
