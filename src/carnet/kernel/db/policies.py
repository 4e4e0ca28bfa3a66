"""Row-level security, written in one place.

Each policy is a plain comparison of columns with settings: no sub-select and no function that reads a table,
so that it costs little and a distributed PostgreSQL can send it to one node. `nullif(…, '')` because a setting
that was once set on a connection reads '' afterwards, not NULL. Closed by default: a missing setting compares
with NULL and shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


def setting(name: str, kind: str) -> str:
    return f"nullif(current_setting('carnet.{name}', true), '')::{kind}"


def same_record(column: str = "record_id") -> str:
    return f"{column} = {setting('record', 'uuid')}"


def same_actor(column: str) -> str:
    return f"{column} = {setting('actor', 'uuid')}"


_OWN_PEOPLE = "current_setting('carnet.trail', true) = 'yes'"
# The act of withdrawing sees what it withdraws; so does what tells that something is gone
# (`health/news_functions.sql`).
_WITHDRAWS = "current_setting('carnet.withdraws', true) = 'yes'"


def visible_document(*, standing: bool = True, readers: bool = False) -> str:
    """Second lock on whatever carries a document's type and labels: the types and labels of the grant, or one's
    own document (R1111-49: the author keeps sight of what he deposited). What a standing mask covers is as what is
    masked one by one; `standing` is False before there were any. With `readers`: what the holder put into somebody's
    hands is seen by these, until when it says, and otherwise by the holder and who represents them alone."""
    hidden = setting("hidden", "integer")
    masked = f" and (standing = 0 or ({hidden} & 1) = 0)" if standing else ""
    granted = f"(get_bit({setting('types', 'varbit')}, type_ordinal) = 1 and (labels & {hidden}) = 0{masked})"
    if readers:
        granted = f"({granted} and (readers is null or {_OWN_PEOPLE} or {_WITHDRAWS}))"
    own = f"({same_actor('depositor_id')} or {same_actor('author_id')})"
    if readers:
        now = "coalesce(readers_until > now(), true)"
        own = f"({own} or ({setting('actor', 'uuid')} = any (readers) and {now}))"
    there = f"(status <> 'withdrawn' or {_WITHDRAWS})"
    return f"{same_record()} and {there} and ({granted} or {own})"


def visible_list() -> str:
    """Second lock on a list of documents, which carries the types of all and the labels that all share: one that holds
    nothing for this reader is not there, unless it is their own. The act of withdrawing must see what it leaves empty:
    PostgreSQL holds a changed row against this policy too."""
    granted = (
        f"((types::varbit & {setting('types', 'varbit')}) <> repeat('0', 256)::varbit"
        f" and (labels & {setting('hidden', 'integer')}) = 0)"
    )
    return f"{same_record()} and ({granted} or {same_actor('depositor_id')} or {_WITHDRAWS})"


def readable_trail() -> str:
    return (
        f"{same_record()} and current_setting('carnet.trail', true) = 'yes'"
        f" and (hidden_from & {setting('hidden', 'integer')}) = 0"
        f" and {_known_then('actor_id')} and (purpose <> 'self' or {_known_then('target_id')})"
        f" and {_in_the_open('actor_id')}"
    )


READINGS: Final = (
    *("alert-read", "carers-read", "document-open", "document-page", "document-read", "documents-list"),
    *("documents-search", "entries-list", "entries-search", "everything-read", "folders-read", "new-since-read"),
    *("record-read", "standing-read", "summary-deposited", "summary-read"),
)
"""What a professional does in a record without a change that others see."""


def _in_the_open(who: str) -> str:
    """`carnet.discreet` tells as well of visits kept secret of professionals known otherwise: under their id and
    « /visits », ranges of instants. What they read in these, or were refused, is not told; what they changed is told as
    that is."""
    visits = f"({setting('discreet', 'jsonb')} ->> ({who}::text || '/visits'))::tstzmultirange"
    quiet = f"(outcome = 'refused' or action = any ('{{{','.join(READINGS)}}}'::text[]))"
    return f"not (coalesce({visits} @> at, false) and {quiet})"


def _known_then(who: str) -> str:
    """`carnet.discreet` tells of professionals kept secret from this reader since when they are known otherwise: a JSON
    object, instants by id. A line before that is not told, nor what the holder did about them; but what was looked at
    before there was a secret stays told: under their id and « /told », until when."""
    told = f"({setting('discreet', 'jsonb')} ->> ({who}::text || '/told'))::timestamptz"
    known = f"({setting('discreet', 'jsonb')} ->> {who}::text)::timestamptz"
    return f"(coalesce(at >= {known}, true) or coalesce(at <= {told}, false))"


def _unless(hidden: str) -> str:
    """Before a permit is in force, the access decision sees every fact of the record that it has named."""
    return f"({hidden} & coalesce({setting('hidden', 'integer')}, 0)) = 0"


@dataclass(frozen=True, slots=True)
class Policy:
    """`read` shows rows to both log-ins, `write` checks what the writer adds or changes. `key`: the column that names
    the record, by which the one function that erases finds what it deletes."""

    read: str
    write: str
    key: str = "record_id"

    def sql(self, table: str) -> list[str]:
        return [
            f"alter table {table} enable row level security",
            f"revoke all on {table} from carnet_reader, carnet_writer",
            f"grant select on {table} to carnet_reader",
            f"grant select, insert, update on {table} to carnet_writer",
            f"create policy see on {table} for select to carnet_reader, carnet_writer using ({self.read})",
            f"create policy add on {table} for insert to carnet_writer with check ({self.write})",
            f"create policy change on {table} for update to carnet_writer using ({self.read})"  # noqa: ISC004
            f" with check ({self.write})",
            f"grant select, delete on {table} to carnet_eraser",
            f"create policy erase on {table} to carnet_eraser using ({self.key} = {setting('erased', 'uuid')})",
        ]

    def again(self, table: str) -> list[str]:
        """For a table that is under another policy."""
        return [
            f"alter policy see on {table} using ({self.read})",
            f"alter policy add on {table} with check ({self.write})",
            f"alter policy change on {table} using ({self.read}) with check ({self.write})",
        ]


def of_record(column: str = "record_id") -> Policy:
    return Policy(read=same_record(column), write=same_record(column), key=column)


def of_holder() -> Policy:
    """What the holder and who represents them keep among themselves. They alone read the trail: that setting tells
    them from everybody who reads documents by another right."""
    own = f"({same_record()} and current_setting('carnet.trail', true) = 'yes')"
    return Policy(read=own, write=own)


def of_holder_unless(hidden: str) -> Policy:
    """The same, without what is kept from some of them by the label bits of that column."""
    own = f"({same_record()} and current_setting('carnet.trail', true) = 'yes'"
    own += f" and ({hidden} & {setting('hidden', 'integer')}) = 0)"
    return Policy(read=own, write=own)


def of_maker(column: str) -> Policy:
    """What whoever made it keeps for themselves alone."""
    own = f"({same_record()} and {same_actor(column)})"
    return Policy(read=own, write=own)


def of_record_unless(hidden: str) -> Policy:
    """What whoever enters the record may know of it, but for whom it is kept from by the label bits of that column."""
    return Policy(read=f"({same_record()} and {_unless(hidden)})", write=same_record())


def of_invitation(digest: str) -> Policy:
    """What the holder and who represents them keep among themselves, and show to whoever brings the code."""
    theirs = f"({same_record()} and current_setting('carnet.trail', true) = 'yes')"
    brought = f"{digest} = {setting('invitation', 'bytea')}"
    return Policy(read=f"({theirs} or {brought})", write=f"({theirs} or ({same_record()} and {brought}))")


def of_reviews(hidden: str) -> Policy:
    """Cases that are the record's to follow and the support's to look into, across records."""
    support = "current_setting('carnet.reviews', true) = 'yes'"
    own = f"({same_record()} and {_unless(hidden)})"
    return Policy(read=f"({own} or {support})", write=f"({same_record()} or {support})")


def of_cases_about(column: str) -> Policy:
    """Cases that the holder and who represents them follow, as whoever they are about does; the support looks into
    them, across records."""
    support = "current_setting('carnet.reviews', true) = 'yes'"
    theirs = f"({same_record()} and current_setting('carnet.trail', true) = 'yes')"
    return Policy(
        read=f"({theirs} or {same_actor(column)} or {support})",
        write=f"({same_record()} or {support})",
    )


def of_link(column: str) -> Policy:
    """A link between a record and a person, shown in the record and to that person."""
    return Policy(read=f"({same_record()} or {same_actor(column)})", write=same_record())


def of_document(*, standing: bool = True, readers: bool = False) -> Policy:
    return Policy(read=visible_document(standing=standing, readers=readers), write=same_record())


def of_masks(hidden: str) -> Policy:
    """What the holder and who represents them keep among themselves, and acts that have been decided look at: a
    deposit is masked by what its depositor must not learn."""
    theirs = f"(current_setting('carnet.trail', true) = 'yes' and ({hidden} & {setting('hidden', 'integer')}) = 0)"
    return Policy(read=f"{same_record()} and ({theirs} or {_WITHDRAWS})", write=same_record())


def of_list() -> Policy:
    return Policy(read=visible_list(), write=same_record())
