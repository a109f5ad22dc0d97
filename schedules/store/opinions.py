"""Who was asked for an opinion, and the counters of what was answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from functools import cache

import sqlalchemy as sa

from schedules.domain.opinions import Counted, Place, Question, Survey
from schedules.store.statements import insert_if_new, insert_into, upsert
from schedules.store.tables import ASSOCIATION, OPINION_ASKED, OPINION_COUNT, SURVEY
from schedules.store.transaction import Transaction

_SURVEYS = sa.select(SURVEY).order_by(SURVEY.c.year)
_ASKED = sa.select(OPINION_ASKED).where(OPINION_ASKED.c.topic == sa.bindparam("about"))
_TAKE = (
    sa.update(OPINION_ASKED)
    .where(
        OPINION_ASKED.c.topic == sa.bindparam("about"),
        OPINION_ASKED.c.person == sa.bindparam("who"),
        OPINION_ASKED.c.answered == sa.false(),
    )
    .values(answered=True)
)
_FORGET = sa.delete(OPINION_ASKED).where(OPINION_ASKED.c.topic == sa.bindparam("about"))
_COUNTED = sa.select(OPINION_COUNT).where(OPINION_COUNT.c.topic == sa.bindparam("about"))


@cache
def _add(dialect: str) -> sa.Executable:
    return insert_into(dialect, OPINION_COUNT).on_conflict_do_update(
        index_elements=[column.name for column in OPINION_COUNT.primary_key],
        set_={"number": OPINION_COUNT.c.number + 1},
    )


class OpinionTables:
    """`OpinionStore` over the tables."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def surveys(self) -> tuple[Survey, ...]:
        """Every year's survey, oldest first."""
        return tuple(
            Survey(
                row.year,
                row.opened_on,
                tuple(Question(**one) for one in row.questions),
                row.asked,
                row.reminded,
                row.closed,
            )
            for row in self._transaction.rows(_SURVEYS)
        )

    def save_survey(self, survey: Survey) -> None:
        """Insert or update."""
        row = asdict(survey) | {"association_id": ASSOCIATION}
        row["questions"] = [asdict(question) for question in survey.questions]
        self._transaction.write(upsert(self._transaction.dialect, SURVEY), row)

    def ask(self, topic: str, people: Collection[str]) -> None:
        """These people may answer, each once; whoever was asked before stays as they are."""
        rows = [{"topic": topic, "person": person, "answered": False} for person in sorted(people)]
        if rows:
            self._transaction.write(insert_if_new(self._transaction.dialect, OPINION_ASKED), rows)

    def asked(self, topic: str) -> dict[str, bool]:
        """Who was asked, and whether they have answered."""
        return {row.person: row.answered for row in self._transaction.rows(_ASKED, {"about": topic})}

    def take(self, topic: str, person: str) -> bool:
        """Mark that the person answers; False if they were not asked or have answered already."""
        return self._transaction.write(_TAKE, {"about": topic, "who": person}).count == 1

    def forget(self, topic: str) -> None:
        """Who was asked and who answered is deleted."""
        self._transaction.write(_FORGET, {"about": topic})

    def add(self, topic: str, place: Place, answers: Collection[tuple[str, str]]) -> None:
        """Add one to the counter of each (question, value)."""
        where = {"topic": topic, "municipality": place.municipality, "team": place.team, "number": 1}
        # In the order of the key: two who answer at the same time then wait for each other only in one order.
        rows = [{**where, "question": question, "value": value} for question, value in sorted(answers)]
        for row in rows:
            self._transaction.write(_add(self._transaction.dialect), row)

    def counted(self, topic: str) -> tuple[Counted, ...]:
        """All counters."""
        return tuple(
            Counted(Place(row.municipality, row.team), row.question, row.value, row.number)
            for row in self._transaction.rows(_COUNTED, {"about": topic})
        )
