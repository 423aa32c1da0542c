"""Pages of the communities: the list, a new one, and one with its grids."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qiaomen.office import actions
from qiaomen.office.access import key_of, staff_of
from qiaomen.office.communities import acts
from qiaomen.office.communities.forms import ChangeForm, CommunityForm, NameForm

DONE = {
    "made": lambda: _("社区建好了。接下来给它的主任开账号，主任就能导入名册。"),
    "changed": lambda: _("已改好，也记入了操作台账。"),
    "grid": lambda: _("网格加好了，也记入了操作台账。"),
}


@require_GET
def show_communities(request: HttpRequest) -> HttpResponse:
    """List the communities with their grids."""
    return render(request, "office/communities.html", {"rows": acts.kept_by(staff_of(request))})


@require_http_methods(["GET", "POST"])
def new_community(request: HttpRequest) -> HttpResponse:
    """Make a community and show it."""
    keeper = staff_of(request)
    form = CommunityForm(request.POST or None, keeper=keeper)
    if request.method == "POST" and form.is_valid():
        made = acts.make_community(actor=keeper, **form.cleaned_data)
        return redirect(f"{reverse('office:community', args=[made.pk])}?done=made")
    return render(request, "office/community_new.html", {"form": form, "towns": acts.towns_of(keeper)})


@require_http_methods(["GET", "POST"])
def show_community(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one community; change it, add a grid, or name one anew (`act`: change, add or the key of a grid)."""
    keeper = staff_of(request)
    community = acts.kept_by(keeper).filter(pk=pk).first()
    if community is None:
        raise Http404
    act = request.POST.get("act", "")
    now = {"name": community.name, "telephone": community.telephone}
    change = ChangeForm(request.POST if act == "change" else None, initial=now)
    add = NameForm(request.POST if act == "add" else None, prefix="grid")
    if act == "change" and change.is_valid():
        acts.change_community(actor=keeper, community=community, **change.cleaned_data)
        return redirect(f"{reverse('office:community', args=[pk])}?done=changed")
    if act == "add" and add.is_valid():
        acts.add_grid(actor=keeper, community=community, **add.cleaned_data)
        return redirect(f"{reverse('office:community', args=[pk])}?done=grid")
    if act not in ("", "change", "add"):
        return _name_grid(request, pk, act)
    said = DONE.get(request.GET.get("done", ""))
    context = {"place": community, "change": change, "add": add, "said": said() if said else ""}
    return render(request, "office/community.html", context)


def _name_grid(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Give a grid another name; an empty one changes nothing."""
    grid = acts.kept_by(staff_of(request)).get(pk=pk).children.filter(pk=key_of(key), kind="grid").first()
    if grid is None:
        raise Http404
    name = request.POST.get("name", "").strip()[:60]
    if name and name != grid.name:
        actions.rename_organisation(organisation=grid, name=name, actor=staff_of(request))
    return redirect(f"{reverse('office:community', args=[pk])}?done=changed")
