"""Only the right key and the right id open an envelope; the published vector opens."""

import json
import uuid
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.office.access import permission_table
from qiaomen.phone.rules import submission
from qiaomen.phone.rules.envelope import CannotOpen, Envelope, decode, encode, make_key, open_envelope, seal
from qiaomen.phone.urls import urlpatterns

VECTOR = Path(__file__).resolve().parents[3] / "contract" / "vectors" / "envelope.json"
PRIVATE, PUBLIC = make_key()


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_was_sealed_opens_and_only_under_its_id(content: bytes, aad: str) -> None:
    sealed = seal(PUBLIC, content, aad)
    assert open_envelope(PRIVATE, sealed, aad) == content
    with pytest.raises(CannotOpen):
        open_envelope(PRIVATE, sealed, aad + "x")
    with pytest.raises(CannotOpen):
        open_envelope(make_key()[0], sealed, aad)


@given(st.integers(0, 10**6), st.sampled_from(["epk", "iv", "ct"]))
def test_a_flipped_bit_or_a_cut_does_not_open(place: int, part: str) -> None:
    sealed = seal(PUBLIC, b"3-2-501", "id")
    parts = {"epk": sealed.epk, "iv": sealed.iv, "ct": sealed.ct}
    body = bytearray(parts[part])
    body[(place // 8) % len(body)] ^= 1 << (place % 8)
    for damaged in (bytes(body), parts[part][:-1], b""):
        with pytest.raises(CannotOpen):
            open_envelope(PRIVATE, Envelope(**{**parts, part: damaged}), "id")


def test_the_published_vector_opens() -> None:
    vector = json.loads(VECTOR.read_text())
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
    contract = yaml.safe_load((VECTOR.parents[1] / "phone-api.yaml").read_text(encoding="utf-8"))
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
