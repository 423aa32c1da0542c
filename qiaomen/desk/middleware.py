"""Turns a refusal into a page a person can act on, or into JSON for the phone."""

from collections.abc import Callable

from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from qiaomen.desk.frames import answer_problem
from qiaomen.kernel.problems import Problem
from qiaomen.office.middleware import forget_pages
from qiaomen.office.problems import Busy, Garbled


class PressedPagesMiddleware(GZipMiddleware):
    """Compresses pages for whoever can read that: a list of a hundred homes is 90 KB, a tenth of it compressed.

    Only pages: pictures and exports are compressed or locked already. What is sent is padded by chance (the library's
    answer to BREACH), and the secret of a form is another in every answer.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a page; leave everything else alone."""
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class ProblemMiddleware:
    """Renders every Problem with its own status; the four sentences are the same everywhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a Problem, a database in another's hands, and a zero byte; leave everything else alone."""
        if isinstance(exception, OperationalError) and "locked" in str(exception):
            exception = Busy()
        if isinstance(exception, ValueError | DataError) and "NUL" in str(exception):
            exception = Garbled()
        if not isinstance(exception, Problem):
            return None
        answer = answer_problem(request, exception)
        return forget_pages(answer) if exception.forget else answer
