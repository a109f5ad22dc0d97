"""Surveys; who was asked for an opinion; and the counters of what was answered, which know nobody.

The counters have no time and no order of their own: the rows lie in the order of their key.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from schedules.store.tables.base import Row, association, key

BY_KEY = {"sqlite_with_rowid": False}


class SurveyRow(Row, table=True):
    """One year's survey."""

    __tablename__ = "survey"
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    association_id: str = association()
    opened_on: date
    questions: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    asked: int
    reminded: bool
    closed: bool


class OpinionAskedRow(Row, table=True):
    """Somebody who was asked, until the answers are in."""

    __tablename__ = "opinion_asked"
    __table_args__ = BY_KEY
    topic: str = key()
    person: str = key()
    answered: bool


class OpinionCountRow(Row, table=True):
    """How many gave an answer; empty names for what is wider than a municipality or a team."""

    __tablename__ = "opinion_count"
    __table_args__ = BY_KEY
    topic: str = key()
    municipality: str = key()
    team: str = key()
    question: str = key()
    value: str = key(max_length=32)
    number: int
