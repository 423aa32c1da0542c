"""What every page of the shell needs: the size of letters, the menu this person may use."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from qiaomen.desk.making import communities_being_made
from qiaomen.desk.navigation import menu_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the size of letters, the menu of this person, and what of a demo is still being made.

    The menu asks its questions when a page draws it: a fragment draws none.
    """
    user: Any = getattr(request, "user", None)
    always = {"large_text": request.COOKIES.get("large") == "1", "making": communities_being_made()}
    if user is None or not user.is_authenticated:
        return always
    return {"menu": SimpleLazyObject(lambda: menu_of(request, user)), **always}
