"""What all tables share. One process and database serve one association; root rows name it all the same."""

from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

ASSOCIATION = "association"

METADATA = sa.MetaData(
    # Constraints are recognised by name when they refuse a row, so every one has a name that never varies.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    """A table's row. Plain `datetime` fields are aware UTC on both databases; enums are short strings."""

    metadata = METADATA
    # Rows are written and read by Core: a validator that nobody asks for costs a millisecond a table.
    model_config = {"defer_build": True}


def key(**options: Any) -> Any:
    """A text primary key."""
    return Field(primary_key=True, **options)


def enum() -> Any:
    """An enum's value: room for new values without a change of schema."""
    return Field(max_length=32)


def association() -> Any:
    """The association a root row belongs to."""
    return preset(ASSOCIATION, ASSOCIATION, max_length=32)


def switch(*, on: bool) -> Any:
    """Yes or no, with what it is where nothing was said."""
    return preset(on, sa.true() if on else sa.false())


def preset(value: Any, written: Any, **options: Any) -> Any:
    """A value that the database fills in; Python would do so at each execution (store/prepared.py)."""
    return Field(default=value, sa_column_kwargs={"server_default": written, "default": None}, **options)


def unique_where(name: str, *columns: str, where: str) -> sa.Index:
    """A partial unique index, the same on SQLite and PostgreSQL."""
    condition = sa.text(where)
    return sa.Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def index_where(name: str, *columns: str, where: str) -> sa.Index:
    """A partial index, the same on SQLite and PostgreSQL."""
    condition = sa.text(where)
    return sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def table_of(model: type[Row]) -> sa.Table:
    """The Core table behind a model; SQLModel sets the attribute without declaring its type."""
    return cast("sa.Table", vars(model)["__table__"])
