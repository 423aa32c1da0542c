"""In which frame a refusal stands: a resident's on the public page, a worker's in the office."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from qiaomen.desk.navigation import menu_of
from qiaomen.kernel.problems import Problem
from qiaomen.office.access import permission_table


def is_public(request: HttpRequest) -> bool:
    """Say whether a request is a resident's: of a public route of any house but the office, or of no route, by nobody
    signed in.
    """
    match = request.resolver_match
    if match is None:
        user: Any = getattr(request, "user", None)
        return user is None or not user.is_authenticated
    roles = {role for (route, _), line in permission_table().items() if route == match.view_name for role in line.roles}
    return "public" in roles and match.app_name != "office" and not request.path.startswith("/api/")


def show_problem(request: HttpRequest, sentences: dict[str, Any], status: int) -> HttpResponse:
    """Show what happened, what is safe and what to do next in the frame the reader knows."""
    template = "desk/public_problem.html" if is_public(request) else "desk/problem.html"
    context: dict[str, Any] = {"problem": sentences}
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["menu"] = menu_of(request, user, counted=False)
    return render(request, template, context, status=status)


def answer_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Answer a refusal: JSON to the phone, a page to everybody else."""
    if request.path.startswith("/api/"):
        return JsonResponse(problem.as_dict(), status=problem.status)
    return show_problem(request, problem.as_dict(), problem.status)
