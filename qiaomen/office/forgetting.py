"""A request ends, and the process forgets what it has read of residents."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from qiaomen.kernel import recall


class ForgetMiddleware:
    """Clears what was remembered (kernel/recall.py) once the answer is made, or has failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and forget."""
        try:
            return self.get_response(request)
        finally:
            recall.forget()
