"""The phone's API against its contract: 2,000 calls, each made-up one in four roles, none answered 5xx or with what is
not written.

Schemathesis makes the calls from contract/phone-api.yaml, half of them against it. The same calls every day; a longer
search with other calls: QM_PROVE=1.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qiaomen.office.models import Device, Staff
from qiaomen.phone.actions import devices as actions
from qiaomen.phone.rules.tokens import hand_in_token
from qiaomen.phone.tests.conftest import community, door, head, phone, worker  # noqa: F401
from tests.proof.machine import ROOT, SEED, size, tell

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ROLES = ("stranger", "phone", "locked phone", "revoked phone")
CASES = size(2_000, 50_000)
schemathesis.serializer.alias("application/partial-upload", "application/octet-stream")
API = schemathesis.openapi.from_path(ROOT / "contract/phone-api.yaml")
OPERATIONS = sorted((found.ok() for found in API.get_all_operations()), key=lambda one: "leave" in one.path)
"""Leaving ends the phone: last."""


def token_of(role: str, staff: Staff) -> str:
    """Enrol a phone in a role and return the token it comes with."""
    if role == "stranger":
        return "no-such-token"
    device, token = actions.enrol_device(staff=staff, label=role)
    if role == "revoked phone":
        actions.revoke_device(device=Device.objects.get(pk=device.pk), actor=staff)
    return hand_in_token(token) if role == "locked phone" else token


def cases_of(operation: Any) -> Any:
    """Return a strategy of calls, by the contract and against it where that can be."""
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not operation.body and not operation.query and not operation.path_parameters:
        return good
    return st.one_of(good, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Leave the test's own connection open between calls, as Django's test client does: it holds the transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
def test_every_call_is_answered_as_the_contract_says(worker: Staff, door: Any, settings: Any) -> None:  # noqa: F811
    settings.ALLOWED_HOSTS, application = ["*"], get_wsgi_application()
    logging.disable(logging.WARNING)  # refusals are meant
    tokens, wrong, count = {role: token_of(role, worker) for role in ROLES}, set(), 0
    for operation in OPERATIONS:

        @seed(SEED)
        @settings_of(-(-CASES // (len(ROLES) * len(OPERATIONS))))
        @given(case=cases_of(operation))
        def call(case: Any) -> None:
            nonlocal count
            for role, token in tokens.items():
                count += 1
                case.headers = {
                    **(case.headers or {}),
                    "Authorization": f"Bearer {token}",
                    "Accept-Encoding": "identity",
                }
                response = case.call(app=application, base_url="http://localhost")
                try:
                    case.validate_response(response, checks=CHECKS)
                except FailureGroup as failures:
                    wrong.update(
                        f"{role} {case.method} {case.path}: {type(one).__name__} {response.status_code} {one.message}"
                        for one in failures.exceptions
                    )

        call()
    logging.disable(logging.NOTSET)
    tell("C9 the phone's API", calls=count, roles=len(ROLES), wrong=len(wrong))
    assert count >= CASES
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(sorted(wrong)[:30])


def settings_of(calls: int) -> Any:
    """So many calls, no shrinking: every wrong answer is noted anyway."""
    return settings(
        max_examples=calls,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
