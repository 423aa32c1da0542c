"""Public pages: communities, their bulletins, the data held."""

import uuid
from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaomen.bulletins.models import Bulletin
from qiaomen.bulletins.selectors import numbers as bulletins
from qiaomen.office import labels
from qiaomen.office.models import Organisation
from qiaomen.publications import selectors as publications
from qiaomen.publications.models import PublishedFile
from qiaomen.register.selectors import packs


def _shown(bulletin: Bulletin) -> dict[str, Any]:
    numbers = bulletins.published_numbers(bulletin) if bulletin.state == "published" else []
    return {"bulletin": bulletin, "numbers": numbers}


@require_GET
def show_home(request: HttpRequest) -> HttpResponse:
    """List the communities."""
    return render(
        request, "portal/home.html", {"communities": Organisation.objects.filter(kind="community").order_by("code")}
    )


@require_GET
def show_community(request: HttpRequest, code: str) -> HttpResponse:
    """Show a community's newest published bulletin and the earlier ones."""
    community = get_object_or_404(Organisation, kind="community", code=code)
    public = bulletins.public_bulletins(community)
    newest = next((bulletin for bulletin in public if bulletin.state == "published"), None)
    earlier = [bulletin for bulletin in public if bulletin != newest]
    shown = _shown(newest) if newest else None
    context: dict[str, Any] = {"community": community, "shown": shown, "earlier": earlier}
    context["publications"] = publications.public_now(community)
    return render(request, "portal/community.html", context)


@require_GET
def show_bulletin(request: HttpRequest, code: str, pk: uuid.UUID) -> HttpResponse:
    """Show one published or withdrawn bulletin."""
    community = get_object_or_404(Organisation, kind="community", code=code)
    bulletin = get_object_or_404(Bulletin, pk=pk, community=community, as_at__isnull=False)
    context = {"community": community, "shown": _shown(bulletin), "earlier": []}
    return render(request, "portal/community.html", context)


@require_GET
def show_publication(request: HttpRequest, code: str, pk: uuid.UUID) -> HttpResponse:
    """Show one publication while it stands: its words and its files, each made anew behind the gate."""
    community = get_object_or_404(Organisation, kind="community", code=code)
    found = get_object_or_404(publications.public_now(community, standing=True), pk=pk)
    files = PublishedFile.objects.filter(part__publication=found).defer("content").order_by("part__position")
    return render(request, "portal/publication.html", {"community": community, "publication": found, "files": files})


@require_GET
def send_file(request: HttpRequest, code: str, pk: uuid.UUID) -> HttpResponse:
    """Send a published file while its publication stands; withdrawn or over, it is gone."""
    community = get_object_or_404(Organisation, kind="community", code=code)
    standing = publications.public_now(community, standing=True)
    return publications.sent(get_object_or_404(PublishedFile, pk=pk, part__publication__in=standing))


@require_GET
def show_fields(request: HttpRequest) -> HttpResponse:
    """Say which data are held, why, and who reads them; what is asked beyond the register comes from the packs."""
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for fact in packs.facts().values():
        if fact.origin == "told":
            texts[_(fact.purpose), fact.basis].append(_(fact.title))
    rows = [{"titles": titles, "purpose": purpose, "basis": basis} for (purpose, basis), titles in texts.items()]
    return render(request, "portal/fields.html", {"told": rows, "labels": labels.published()})
