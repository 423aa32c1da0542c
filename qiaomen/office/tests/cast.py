"""The cast by role: one community, its head, its worker."""

import pytest
from django.test import Client

from qiaomen.office.models import Organisation, Staff


@pytest.fixture
def community(db: None) -> Organisation:
    return Organisation.objects.create(kind="community", name="锦瑟社区", code="R1")


@pytest.fixture
def worker(community: Organisation) -> Staff:
    return Staff.objects.create_user("w-r", None, name="网格员", role="worker", organisation=community)


@pytest.fixture
def head(community: Organisation) -> Staff:
    return Staff.objects.create_user("h-r", None, name="主任", role="head", organisation=community)


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client
