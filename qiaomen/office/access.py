"""Who may see what: fetching goes through here, and another community's record answers 404."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from qiaomen.office.models import ROLES, LedgerHead, Organisation, Staff
from qiaomen.office.problems import NotASecondPerson

M = TypeVar("M", bound=Model)
OPEN = {"public", "device"}
RELATIONS = {"any", "own", "community"}


class Permission(NamedTuple):
    """One line of the table: who may call a route, and how near the record must be."""

    route: str
    methods: frozenset[str]
    roles: frozenset[str]
    relation: str


@lru_cache(maxsize=1)
def permission_table() -> dict[tuple[str, str], Permission]:
    """Read every house's permissions.txt: route and method -> permission.

    A house declares its own routes only. Raises ValueError naming a wrong line.
    """
    table: dict[tuple[str, str], Permission] = {}
    for house in settings.HOUSES:
        file = Path(settings.HERE) / house / "permissions.txt"
        if file.exists():
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                _declare(table, house, line.split("#")[0].split(), f"{house}/permissions.txt line {number}: {line}")
    return table


def _declare(table: dict[tuple[str, str], Permission], house: str, words: list[str], where: str) -> None:
    """Add one line to the table. Raises ValueError with `where`."""
    if not words:
        return
    route, methods, *roles, relation = words
    permission = Permission(route, frozenset(methods.split(",")), frozenset(roles), relation)
    unknown = permission.roles - set(ROLES) - OPEN
    if not permission.roles or unknown or relation not in RELATIONS or not route.startswith(f"{house}:"):
        raise ValueError(where)
    for method in permission.methods:
        if (route, method) in table:
            raise ValueError(f"{where} stands twice")
        table[route, method] = permission


def may_call(request: HttpRequest, route: str) -> bool:
    """Say whether this person may call this route at all; an undeclared route is nobody's."""
    method = "GET" if request.method in ("HEAD", "OPTIONS") else str(request.method)
    permission = permission_table().get((route, method))
    if permission is None:
        return False
    if permission.roles & OPEN:
        return True
    user: Any = request.user
    return bool(user.is_authenticated and user.is_active and user.role in permission.roles)


def staff_of(request: HttpRequest) -> Staff:
    """Return the signed-in person; the permission table has let nobody else through."""
    user = request.user
    assert isinstance(user, Staff)
    return user


def staff_in(community: Organisation, *roles: str) -> QuerySet[Staff]:
    """Return who works in a community or one of its grids, in these roles or in any."""
    homes = Q(organisation=community) | Q(organisation__parent=community)
    found = Staff.objects.filter(homes, is_active=True)
    return found.filter(role__in=roles) if roles else found


def ledger_head(community: Organisation) -> LedgerHead | None:
    """Return the last line's number and hash of a community's ledger, or None while it is empty."""
    return LedgerHead.objects.select_related("community").filter(community=community, seq__gt=0).first()


DEPTH = 4
"""Levels of organisations: county, town, community, grid."""


def below(organisation: Organisation, path: str = "") -> Q:
    """Return the filter for an organisation and whatever lies below it; `path` leads to the organisation."""
    found = Q()
    for _level in range(DEPTH):
        found |= Q(**{path.rstrip("_") or "pk": organisation.pk})
        path = f"{path}parent__"
    return found


def communities_under(staff: Staff) -> QuerySet[Organisation]:
    """Return the communities in somebody's charge, in the order of their codes: of the own place and below."""
    return Organisation.objects.filter(below(staff.organisation), kind="community").order_by("code")


def may_see_child(staff: Any) -> bool:
    """Say whether somebody may see records of children under 14: the head, and whom the head named 儿童主任.

    Source: 个人信息保护法 第二十八条、第三十一条；未成年人保护法 第四十三条 (专人专岗).
    """
    return bool(staff.is_authenticated and (staff.role == "head" or staff.keeps_children))


def vouchers_of(staff: Staff) -> set[UUID]:
    """Return who could have signed in as somebody: who opened the account or gave its last code, and theirs in turn."""
    found: set[UUID] = set()
    todo = {key for key in (staff.opened_by_id, staff.code_by_id) if key is not None}
    while todo:
        found |= todo
        rows = Staff.objects.filter(pk__in=todo).values_list("opened_by", "code_by")
        todo = {key for row in rows for key in row if key is not None} - found
    return found


def check_second(staff: Staff, other: Staff) -> None:
    """Let somebody be the second person where two are asked for. Raises NotASecondPerson for an account that the first
    one opened or gave a code: it might be the first one again. Source: ASVS 2.3.5; promises.md T5, C10.
    """
    if other.pk in vouchers_of(staff):
        raise NotASecondPerson(name=other.name)


def community_of(request: HttpRequest) -> Organisation:
    """Return the community the signed-in person works in. Raises Http404 for those who work in none."""
    user: Any = request.user
    community: Organisation | None = user.community
    if community is None:
        raise Http404
    return community


def get_in_community(queryset: QuerySet[M], request: HttpRequest, **lookup: Any) -> M:
    """Return the one record of the person's own community. Raises Http404, for a stranger's record too."""
    found = queryset.filter(community=community_of(request), **lookup).first()
    if found is None:
        raise Http404
    return found


def key_of(text: Any) -> UUID:
    """Return what a form or an address names as a key. Raises Http404 for anything else."""
    try:
        return UUID(str(text))
    except ValueError as error:
        raise Http404 from error


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Return where the form asks to go next when that is on this site, else the fallback."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else fallback
