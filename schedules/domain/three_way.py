"""The file applied last, the new file and the database: what the new file changes, and what it may not.

What was changed in the program is never reverted silently (DESIGN.md, "Organisation file"): where both the
file and the program changed a field, the program's value stays and the conflict is listed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from itertools import chain
from typing import Any, TypeVar

from schedules.domain.organisation import Membership, Organisation, Party, Person, Team

_Items = dict[str, Any]
Path = tuple[str, ...]
T = TypeVar("T", Organisation, Any)

_ITEMS = (Party, Person, Team, Membership)
_UNORDERED = frozenset({"closures", "series", "process_leaders", "administrators", "slack"})


@dataclass(frozen=True, slots=True)
class Change:
    """A field or a whole item (party, person, team, membership); None where the item is absent."""

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """Changed both in the file and in the program: `current` stays. None where the item is absent."""

    path: Path
    base: Any
    wanted: Any
    current: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """What the organisation becomes, what the file changes in it, and where it did not get its way.

    `kept` are the differences from the file that are no conflict: changed in the program, unchanged in the
    file since it was applied last. They are told, so that nobody believes the file (before: the file's).
    """

    result: Organisation
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    kept: tuple[Change, ...] = ()


class _Absent(Enum):
    """No such item; None is a value."""

    ABSENT = "absent"


ABSENT = _Absent.ABSENT


@dataclass
class _Findings:
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)


def merge(base: Organisation | None, wanted: Organisation, current: Organisation | None) -> Merge:
    """Compare field by field and item by item.

    Args:
        base: the organisation of the file applied last, None before the first.
        wanted: the organisation of the new file.
        current: the organisation in the database, None before the first apply.
    """
    findings = _Findings()
    none = Organisation(association=wanted.association)
    was = none if current is None else base or ABSENT
    result = _merge_fields((), was, wanted, current or none, findings)
    found = Merge(result, tuple(findings.changes), tuple(findings.conflicts), tuple(findings.kept))
    return _restore_referenced(found, wanted, current or none)


# --- values and items ----------------------------------------------------------------------------------


def _merge_value(path: Path, base: Any, wanted: Any, current: Any, findings: _Findings) -> Any:
    """One field, or one item that may be absent on any side."""
    if _same(path, wanted, current):
        return current
    if _is_record(wanted) and _is_record(current):
        return _merge_fields(path, base, wanted, current, findings)
    if _same(path, wanted, base):
        findings.kept.append(Change(path, _shown(wanted), _shown(current)))
        return current
    if _same(path, current, base):
        findings.changes.append(Change(path, _shown(current), _shown(wanted)))
        return wanted
    findings.conflicts.append(Conflict(path, _shown(base), _shown(wanted), _shown(current)))
    return current


def _merge_fields(path: Path, base: Any, wanted: T, current: T, findings: _Findings) -> T:
    merged: dict[str, Any] = {}
    for each in fields(wanted):
        at = (*path, each.name)
        was = getattr(base, each.name) if _is_record(base) else ABSENT
        want, now = getattr(wanted, each.name), getattr(current, each.name)
        merge_one = _merge_items if _holds_items(was, want, now) else _merge_value
        merged[each.name] = merge_one(at, was, want, now, findings)
    result: T = replace(current, **merged)
    return result


def _merge_items(path: Path, base: Any, wanted: Any, current: Any, findings: _Findings) -> tuple[Any, ...]:
    """A collection of items, in the database's order; what the file adds comes last."""
    was, want, now = (_by_key(side) for side in (base, wanted, current))
    merged = (
        _merge_value((*path, key), *_at(key, was, want, now), findings)
        for key in dict.fromkeys(chain(now, want, was))
    )
    return tuple(item for item in merged if item is not ABSENT)


def _at(key: str, was: _Items, want: _Items, now: _Items) -> tuple[Any, Any, Any]:
    return was.get(key, ABSENT), want.get(key, ABSENT), now.get(key, ABSENT)


def _holds_items(*sides: Any) -> bool:
    return any(isinstance(side, tuple) and any(isinstance(item, _ITEMS) for item in side) for side in sides)


def _by_key(items: Any) -> _Items:
    return {} if items is ABSENT else {_key(item): item for item in items}


def _key(item: Any) -> str:
    key: str = item.party if isinstance(item, Membership) else item.id
    return key


def _is_record(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _shown(value: Any) -> Any:
    return None if value is ABSENT else value


def _same(path: Path, one: Any, other: Any) -> bool:
    name = path[-1]
    return bool(_canonical(name, one) == _canonical(name, other))


def _canonical(name: str, value: Any) -> Any:
    """The value without the order that means nothing; representatives and deputies keep theirs."""
    if _is_record(value):
        return (type(value), *(_canonical(each.name, getattr(value, each.name)) for each in fields(value)))
    if _holds_items(value):
        return {_key(item): _canonical("", item) for item in value}
    if name in _UNORDERED and isinstance(value, tuple):
        return sorted(map(repr, value))
    return value


# --- what must not go ----------------------------------------------------------------------------------


def keep_items(found: Merge, current: Organisation, paths: Collection[Path]) -> Merge:
    """Turn the removal of the items at `paths` (such as ("teams", "tierp")) into conflicts."""
    for change in found.changes:
        if change.path in paths and change.after is None:
            found = _put_back(found, change)
    return _restore_referenced(found, current, current)


def _put_back(found: Merge, change: Change) -> Merge:
    return replace(
        found,
        result=_with_item(found.result, change.path[0], change.before),
        changes=tuple(other for other in found.changes if other is not change),
        conflicts=(*found.conflicts, Conflict(change.path, change.before, None, change.before)),
    )


def _with_item(organisation: Organisation, name: str, item: Any) -> Organisation:
    longer: dict[str, Any] = {name: (*getattr(organisation, name), item)}
    return replace(organisation, **longer)


def _restore_referenced(found: Merge, wanted: Organisation, current: Organisation) -> Merge:
    """Nothing in the result points to what is not there.

    The file may remove a person whom the program has made a representative since: a conflict, the person
    stays. Or it may need one whom the program has removed: added again, as a change.
    """
    for name, key in _dangling(found.result):
        item = _by_key(getattr(current, name)).get(key)
        removal = next((c for c in found.changes if c.path == (name, key) and c.after is None), None)
        if removal is not None:
            found = _put_back(found, removal)
        elif (item := _by_key(getattr(wanted, name)).get(key) or item) is not None:
            found = replace(
                found,
                result=_with_item(found.result, name, item),
                changes=(*found.changes, Change((name, key), None, item)),
                conflicts=tuple(other for other in found.conflicts if other.path != (name, key)),
                kept=tuple(other for other in found.kept if other.path != (name, key)),
            )
        else:
            continue
        return _restore_referenced(found, wanted, current)
    return found


def _dangling(organisation: Organisation) -> Iterator[tuple[str, str]]:
    people, parties = _by_key(organisation.people), _by_key(organisation.parties)
    yield from (("people", ref) for ref in _people_referenced(organisation) if ref not in people)
    yield from (("parties", ref) for ref in _parties_referenced(organisation) if ref not in parties)


def _people_referenced(organisation: Organisation) -> Iterator[str]:
    yield from organisation.process_leaders
    yield from organisation.administrators
    for team in organisation.teams:
        yield from (team.coordinator, *team.coordinator_deputies)
        yield from chain.from_iterable(membership.representatives for membership in team.parties)


def _parties_referenced(organisation: Organisation) -> Iterator[str]:
    yield from (person.party for person in organisation.people)
    for team in organisation.teams:
        yield from (membership.party for membership in team.parties)
