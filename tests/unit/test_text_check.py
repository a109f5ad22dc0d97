"""Promise 5: what free text must not hold, and what it may hold all the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.ports import Finding
from schedules.swedish.text_check import SwedishTextCheck

ID, PHONE, MAIL = Finding.IDENTITY_NUMBER, Finding.PHONE_NUMBER, Finding.EMAIL_ADDRESS

check = SwedishTextCheck()


@pytest.mark.parametrize(
    "number",
    [
        "198507099805",
        "19850709-9805",
        "19850709 9805",
        "19 850709-9805",
        "850709-9805",
        "8507099805",
        "850709 9805",
        "850709 - 9805",
        "850709–9805",
        "850709‑9805",
        "850709−9805",
        "850709\N{NO-BREAK SPACE}9805",
        "8507\N{SOFT HYPHEN}09-98\N{ZERO WIDTH SPACE}05",
        "８５０７０９-９８０５",
        "85 07 09 98 05",
        "1985-07-09-9805",
        "1985-07-09 9805",
        "850709/9805",
        "850709+9805",
        "198507699802",
        "850769-9802",
        "19850769 9802",
    ],
)
def test_identity_and_coordination_numbers_are_found(number: str) -> None:
    assert check.findings(number) == (ID,)
    assert check.findings(f"Gäller {number}, sjukskriven") == (ID,)
    assert check.findings(f"(pnr:{number})") == (ID,)
    assert check.findings(f"2026 {number} 12") == (ID,)


@pytest.mark.parametrize(
    "text",
    [
        "850709-9806",  # wrong check digit
        "19850769-9803",
        "851309-9805",  # no such month
        "202100-5521",  # an organisation number
        "212000-0142",
        "7198507099805",  # part of a longer number
        "19850709980512",
        "TIE-2026-014",
        "dnr 2026-00123",
        "2026-00123-45",
        "2026-09-01 13-15",
        "2025-03-04 kl. 10.00-11.30",
        "1985-07-09 till 2026-08-15",
        "OCR 12345678901",
        "SFS 2009:400, 30 kap. 10 §",
        "",
    ],
)
def test_other_numbers_are_no_identity_numbers(text: str) -> None:
    assert ID not in check.findings(text)


@pytest.mark.parametrize(
    "number",
    [
        "070-123 45 67",
        "0701234567",
        "0701-234567",
        "0701 - 23 45 67",
        "070 123 45 67",
        "070–123 45 67",
        "070.123.45.67",
        "(070) 123 45 67",
        "018-17 47 00",
        "0293-21 80 00",
        "08-16 30 40",
        "08-12 13 14",
        "08-123 456 78",
        "020-30 40 50",
        "+46 70 123 45 67",
        "+46701234567",
        "+46 (0)70-123 45 67",
        "0046701234567",
        "0046 70 123 45 67",
        "0046 1817 1200",
        "46701234567",
        "+358 40 1234567",
        "+45 2012 1530",
        "+47 22 12 34 56",
        "００ ４６ ７０ １２３ ４５ ６７",
    ],
)
def test_phone_numbers_are_found(number: str) -> None:
    assert check.findings(number) == (PHONE,)
    assert check.findings(f"Ring {number}, helst 2026-03-12 kl. 08.15-16.30") == (PHONE,)
    assert check.findings(f"Nås på tel:{number}.") == (PHONE,)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12",
        "09-01-2026",
        "08-10-2026",
        "08.10.2026",
        "08 12 2026",
        "8/10 2026 och 12/11 2026",
        "08-12-14",
        "260312",
        "20260312",
        "2019-2024",
        "åren 2024, 2025 och 2026",
        "2026-00123",
        "dnr 2026-00123-45",
        "kl 13.00-15.00",
        "kl. 08.15-16.30",
        "08.15–16.30",
        "08.15 - 16.30",
        "0815-1630",
        "08:15-16:30",
        "2024-10-01 08.15-16.30",
        "v. 36 08.15-16.30",
        "mellan 09.00 och 10.30, 09.00-10.30, 13.00 till 14.30",
        "mån-fre 08-16.30",
        "09.00 10.30-11.30",
        "1177, 112 eller 114 14",
        "12 000 kr i månaden, 144 000 kr om året",
        "50-75 procent, 0,5 tjänst",
        "vecka 27-32",
        "TIE-2026-014",
        "SFS 2009:400",
        "rum 0312-12",
        "30 kap. 10 § SFB",
    ],
)
def test_dates_times_and_case_numbers_are_no_phone_numbers(text: str) -> None:
    assert check.findings(text) == ()
    assert check.findings(f"Sjukskriven sedan {text}, åter i arbete 2026-09-01.") == ()


@pytest.mark.parametrize(
    "address",
    [
        "anna@tierp.se",
        "Anna.Svensson+jobb@forvaltning.tierp.se",
        "åsa.öberg@exempel.se",
        "<mailto:anna@tierp.se|anna>",
        "anna @ tierp.se",
        "anna(at)tierp.se",
        "anna (at) tierp (dot) se",
        "anna [AT] tierp.se",
        "anna(a)tierp.se",
        "anna snabel-a tierp.se",
        "anna snabela tierp punkt se",
        "anna＠tierp.se",
    ],
)
def test_mail_addresses_are_found(address: str) -> None:
    assert check.findings(address) == (MAIL,)
    assert check.findings(f"Skriv till {address}, tack") == (MAIL,)


@pytest.mark.parametrize(
    "text",
    [
        "@anna vet mer",
        "vi ses @ kontoret",
        "3 @ 2.50",
        "fråga a) eller b). Sedan",
        "punkt se bilaga",
        "t.ex. at work.se",
    ],
)
def test_other_words_are_no_mail_addresses(text: str) -> None:
    assert check.findings(text) == ()


def test_all_kinds_are_named_once_in_order_of_gravity() -> None:
    text = "anna@tierp.se 070-123 45 67 bo@tierp.se 850709-9805 19850709-9805"
    assert check.findings(text) == (ID, PHONE, MAIL)


def test_an_identity_number_is_not_a_phone_number_as_well() -> None:
    """010203-1234 would be a number in the 010 series too; with a wrong check digit it is just that."""
    assert check.findings("010203-1234") == (ID,)
    assert check.findings("010203-1235") == (PHONE,)


def test_a_question_as_people_write_it_holds_nothing() -> None:
    text = (
        "Kan personen börja arbetsträna 50 % från 2026-09-01, tis och tors 08.15-12.00? Sjukpenning sedan "
        "15/1 2025, SGI 312 000 kr. Läkarintyg t.o.m. 31.12.2026. Vårt dnr 2026-00123, TIE-2026-014."
    )
    assert check.findings(text) == ()


def _luhn_digit(nine: str) -> str:
    doubled = "".join(str(int(digit) * (2 - index % 2)) for index, digit in enumerate(nine))
    return str(-sum(map(int, doubled)) % 10)


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    """A valid number written in one of the ways people write it, the checksum reckoned here."""
    born = draw(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
    day = born.day + draw(st.sampled_from([0, 60]))
    nine = f"{born:%y%m}{day:02}{draw(st.integers(1, 999)):03}"
    last_four = nine[6:] + _luhn_digit(nine)
    century = draw(st.sampled_from(["", f"{born.year // 100}", f"{born.year // 100} "]))
    if (born.month, born.day) == (2, 29):
        century = f"{born.year // 100}"  # in ten digits alone, 1900-02-29 would be no date
    mark = draw(st.sampled_from(["", "-", " ", " - ", "–"]))
    return century + nine[:6] + mark + last_four


@settings(max_examples=300, deadline=None)
@given(identity_numbers(), st.text("abcåäö .,:\n", max_size=10), st.text("abcåäö .,:\n", max_size=10))
def test_any_valid_number_in_running_text_is_found(number: str, before: str, after: str) -> None:
    assert ID in check.findings(before + number + after)


@settings(max_examples=300, deadline=None)
@given(identity_numbers(), st.integers(1, 9))
def test_a_wrong_checksum_is_no_hit(number: str, off: int) -> None:
    wrong = number[:-1] + str((int(number[-1]) + off) % 10)
    assert ID not in check.findings(wrong)


@settings(max_examples=300, deadline=None)
@given(
    st.datetimes(), st.integers(15, 240), st.sampled_from(["%H.%M", "%H:%M", "%H%M"]), st.sampled_from("-–")
)
def test_no_day_with_its_hours_is_a_phone_number(
    start: datetime, minutes: int, clock: str, dash: str
) -> None:
    year = 1950 + start.year % 100
    begins = start.replace(year=year, day=min(start.day, 28))
    ends = begins + timedelta(minutes=minutes)
    hours = f"{begins.strftime(clock)}{dash}{ends.strftime(clock)}"
    for day in ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        assert PHONE not in check.findings(f"{begins.strftime(day)} kl. {hours}")
        assert PHONE not in check.findings(f"{hours}, {begins.strftime(day)}")
