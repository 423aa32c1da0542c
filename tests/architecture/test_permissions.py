"""The permission table is complete and true: every route × method × role is tried."""

import uuid
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from qiaomen.office.access import OPEN, permission_table
from qiaomen.office.models import ROLES, Organisation, Staff

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def routes() -> dict[str, URLPattern]:
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                walk(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
            else:
                assert entry.name, f"a route without a name: {entry.pattern}"
                found[":".join((*namespaces, entry.name))] = entry

    walk(get_resolver(), ())
    return found


def address(name: str, pattern: URLPattern) -> str:
    values: dict[str, Any] = {}
    for key, converter in pattern.pattern.converters.items():
        kind = type(converter)
        values[key] = uuid.uuid4() if kind is UUIDConverter else 1 if kind is IntConverter else "zz"
    return reverse(name, kwargs=values)


def test_every_route_stands_in_the_table_and_every_line_is_a_route() -> None:
    declared = {route for route, _ in permission_table()}
    assert set(routes()) == declared


@pytest.fixture
def staff_by_role(db: None) -> dict[str, Staff]:
    county = Organisation.objects.create(kind="county", name="拾光县", code="P0")
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="P1", parent=county)
    low = {"head", "worker", "volunteer"}
    return {
        role: Staff.objects.create_user(
            f"p-{role}", None, name=role, role=role, organisation=community if role in low else county
        )
        for role in ROLES
    }


class Visitor:
    """Somebody with a role; signed in once, and again when a page signed them out."""

    def __init__(self, staff: Staff | None) -> None:
        self.staff, self.client, self.session = staff, Client(raise_request_exception=False), ""

    def status(self, method: str, path: str) -> int:
        if self.staff is not None and (not self.session or self._cookie() != self.session):
            self.client.force_login(self.staff, backend="django.contrib.auth.backends.ModelBackend")
            self.session = self._cookie() or ""
        return int(self.client.generic(method, path).status_code)

    def _cookie(self) -> str | None:
        held = self.client.cookies.get(project.SESSION_COOKIE_NAME)
        return held.value if held else None


@pytest.mark.once
def test_every_cell_of_the_table(staff_by_role: dict[str, Staff], settings: Any) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"  # thousands of requests: a quarter of the walk
    wrong, cells = [], 0
    for role in ["anonymous", *ROLES]:
        visitor = Visitor(staff_by_role.get(role))
        for name, pattern in routes().items():
            for method in METHODS:
                status = visitor.status(method, address(name, pattern))
                permission = permission_table().get((name, method))
                allowed = permission is not None and bool(permission.roles & (OPEN | {role}))
                shut = status in {403, 405} or (role == "anonymous" and status == 302)
                device_only = permission is not None and permission.roles == {"device"}
                if (allowed and not device_only and status in {405, 500}) or (not allowed and not shut):
                    wrong.append(f"{role} {method} {name}: {status}")
                if device_only and status not in {401, 403, 404}:
                    wrong.append(f"{role} {method} {name} without a device: {status}")
                cells += 1
    assert not wrong, "\n".join(wrong[:40])
    assert cells == 7 * len(routes()) * len(METHODS)


def test_a_disabled_person_is_out_at_once(staff_by_role: dict[str, Staff], client: Client) -> None:
    head = staff_by_role["head"]
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("office:ledger")).status_code == 200
    Staff.objects.filter(pk=head.pk).update(is_active=False)
    assert client.get(reverse("office:ledger")).status_code == 302
