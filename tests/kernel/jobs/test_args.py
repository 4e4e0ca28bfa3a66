from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.kernel.jobs.args import Argument, BadArguments, decode, encode

safe = st.uuids() | st.integers(-(2**31) + 1, 2**31 - 1) | st.from_regex(r"[a-z][a-z0-9_.-]{0,20}", fullmatch=True)


@given(st.dictionaries(st.text(min_size=1), safe))
def test_what_goes_in_comes_out(args: dict[str, Argument]) -> None:
    assert decode(encode(args)) == args


@pytest.mark.parametrize(
    "value",
    ["279035121518989", 279035121518989, "PAT-TROIS", "diabète", "deux mots", "", "x" * 65, None, 1.5, b"x", []],
)
def test_nothing_personal_can_be_carried(value: object) -> None:
    with pytest.raises(BadArguments, match=r"^who: ") as caught:
        encode({"who": value})  # type: ignore[dict-item]
    assert str(value) not in str(caught.value) or value in {"", None}


def test_a_uuid_is_a_uuid_again() -> None:
    assert decode({"id": "abcdef12-0000-7000-8000-000000000000"}) == {
        "id": UUID("abcdef12-0000-7000-8000-000000000000")
    }
