from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from carnet.kernel.audit import merkle

leaves = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def by_the_book(hashes: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, as it is written there: split at the largest power of two below the size."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + by_the_book(hashes[:split]) + by_the_book(hashes[split:])).digest()


@given(leaves)
def test_the_root_is_that_of_the_rfc(hashes: list[bytes]) -> None:
    assert merkle.root(hashes) == by_the_book(hashes)


def test_known_root_of_certificate_transparency() -> None:
    """The first reference vector of RFC 6962's test suites: a single empty entry."""
    assert merkle.leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(leaves.filter(lambda hashes: len(hashes) > 1), st.data())
def test_another_order_or_content_is_another_root(hashes: list[bytes], data: st.DataObject) -> None:
    changed = data.draw(st.permutations(hashes)) if data.draw(st.booleans()) else hashes[:-1]
    assert (merkle.root(changed) == merkle.root(hashes)) == (changed == hashes)
