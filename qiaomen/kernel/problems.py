"""One class per refusal: what happened, what is safe, what to do next; the same on desk, phone and API."""

from typing import Any, ClassVar


class Problem(Exception):
    """A refusal a person can act on. Subclass it; `{names}` in the sentences are filled from the details."""

    code: ClassVar[str] = "kernel.problem"
    status: ClassVar[int] = 400
    title: ClassVar[Any] = ""
    what: ClassVar[Any] = ""
    safe: ClassVar[Any] = ""
    do_next: ClassVar[Any] = ""
    forget: ClassVar[bool] = False
    """Whether the browser is told to drop what it cached of this site."""

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.code)

    def _say(self, sentence: Any) -> str:
        return str(sentence).format(**self.details)

    def as_dict(self) -> dict[str, Any]:
        """Return code, the four sentences in the reader's language, and the details."""
        sentences = {name: self._say(getattr(self, name)) for name in ("title", "what", "safe", "do_next")}
        return {"code": self.code, **sentences, "details": {k: str(v) for k, v in self.details.items()}}

    def in_full(self) -> str:
        """Return what happened, what is safe and what to do next as one paragraph, for the top of a form."""
        return "".join(self._say(sentence) for sentence in (self.what, self.safe, self.do_next))

    def __str__(self) -> str:
        return f"{self.code}: {self._say(self.what)}"


def all_problems() -> dict[str, type[Problem]]:
    """Return every refusal known so far by code; two classes with one code are a mistake."""
    found: dict[str, type[Problem]] = {}
    todo = list(Problem.__subclasses__())
    while todo:
        cls = todo.pop()
        todo += cls.__subclasses__()
        if found.setdefault(cls.code, cls) is not cls:
            raise ValueError(f"two problems share the code {cls.code}")
    return found
