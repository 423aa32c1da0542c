"""Only the right key and the right id open an envelope; the published vector opens."""

import json
import uuid
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qiaomen.office.access import permission_table
from qiaomen.phone.rules import submission
from qiaomen.phone.rules.envelope import (
    EPK_BYTES,
    SM_SUITE,
    SUITE,
    CannotOpen,
    Envelope,
    decode,
    encode,
    make_key,
    open_envelope,
    seal,
    split,
    suite_of,
)
from qiaomen.phone.urls import urlpatterns

VECTORS = Path(__file__).resolve().parents[3] / "contract" / "vectors"
KEYS = {suite: make_key(suite) for suite in (SUITE, SM_SUITE)}
OTHERS = {suite: make_key(suite)[0] for suite in KEYS}
both = pytest.mark.parametrize("suite", KEYS)
some = settings(max_examples=30, deadline=None)  # an opening of the second suite takes 40 ms


@both
@some
@given(content=st.binary(max_size=300), aad=st.text(max_size=40))
def test_what_was_sealed_opens_and_only_under_its_id(suite: str, content: bytes, aad: str) -> None:
    private, public = KEYS[suite]
    sealed = seal(public, content, aad, suite)
    assert open_envelope(private, sealed, aad) == content and suite_of(private) == suite
    with pytest.raises(CannotOpen):
        open_envelope(private, sealed, aad + "x")
    for other in OTHERS.values():
        with pytest.raises(CannotOpen):
            open_envelope(other, sealed, aad)


@both
@given(content=st.binary(max_size=90))
@some
def test_a_photo_travels_as_one_run_of_bytes(suite: str, content: bytes) -> None:
    private, public = KEYS[suite]
    sealed = seal(public, content, "p", suite)
    body = sealed.epk + sealed.iv + sealed.ct
    assert len(sealed.epk) == EPK_BYTES[suite] and split(private, body) == sealed


def test_a_point_beside_the_curve_is_not_computed_with() -> None:
    private, public = KEYS[SM_SUITE]
    sealed = seal(public, b"x", "id", SM_SUITE)
    for point in (bytes(64), bytes(31) + b"\1" + sealed.epk[32:64], b"\xff" * 64):
        with pytest.raises(CannotOpen):
            open_envelope(private, Envelope(point + sealed.epk[64:], sealed.iv, sealed.ct), "id")


@both
@some
@given(place=st.integers(0, 10**6), part=st.sampled_from(["epk", "iv", "ct"]))
def test_a_flipped_bit_or_a_cut_does_not_open(suite: str, place: int, part: str) -> None:
    private, public = KEYS[suite]
    sealed = seal(public, b"3-2-501", "id", suite)
    parts = {"epk": sealed.epk, "iv": sealed.iv, "ct": sealed.ct}
    body = bytearray(parts[part])
    body[(place // 8) % len(body)] ^= 1 << (place % 8)
    for damaged in (bytes(body), parts[part][:-1], b""):
        with pytest.raises(CannotOpen):
            open_envelope(private, Envelope(**{**parts, part: damaged}), "id")


@pytest.mark.parametrize("name", ["envelope.json", "envelope-sm.json"])
def test_the_published_vector_opens(name: str) -> None:
    vector = json.loads((VECTORS / name).read_text())
    envelope = Envelope(*(decode(vector["item"][name]) for name in ("epk", "iv", "ct")))
    opened = open_envelope(vector["private"], envelope, vector["item"]["op_id"])
    said = submission.read(opened, uuid.UUID(vector["item"]["op_id"]))
    assert json.loads(opened) == vector["opened"] and said.outcome == "met" and len(said.needs) == 1


@given(st.binary(max_size=80))
def test_base64url_goes_there_and_back(raw: bytes) -> None:
    assert decode(encode(raw)) == raw


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["v", "op_id", "kind", "needs", "outcome", "happened_at", "note", "x"]),
                inner,
                max_size=6,
            )
        ),
        max_leaves=12,
    )
)
def test_nonsense_is_never_a_visit_and_never_an_error(said: object) -> None:
    with pytest.raises(submission.Malformed):
        submission.read(json.dumps(said).encode(), uuid.uuid4())


def test_the_contract_names_the_routes_that_exist() -> None:
    contract = yaml.safe_load((VECTORS.parent / "phone-api.yaml").read_text(encoding="utf-8"))
    named = {
        (path.replace("{pk}", "<uuid:pk>"), method.upper())
        for path, methods in contract["paths"].items()
        for method in methods
    }
    served = {
        (f"/{pattern.pattern}", method)
        for pattern in urlpatterns
        for route, method in permission_table()
        if route == f"phone:{pattern.name}" and str(pattern.pattern).startswith("api/")
    }
    assert named == served
