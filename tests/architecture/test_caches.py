"""What a process remembers between requests: nothing of a resident. An erasure clears the database, so it clears all.

Yesterday 65,536 opened facts, as many names and as many tails of telephone and identity numbers lived in three caches
that no erasure reached. Each cache that stays is named here with what it holds.
What is remembered of residents' words (kernel/recall.py) is forgotten with the request, job or command that read them.
"""

import ast
from pathlib import Path

import pytest
from django.test import Client

from qiaomen.kernel import recall
from qiaomen.kernel.telephones import read_telephones

PRODUCT = Path(__file__).resolve().parents[2] / "qiaomen"
KEPT = {
    "callbacks/rules/ranges.py:ranges": "ranges that go with two numbers",
    "cases/selectors/procedures.py:_read": "procedures that are kept, of nobody",
    "cases/selectors/procedures.py:_shelf": "what the procedure files say",
    "criteria/language.py:_parsed": "rules as trees; a rule names facts and numbers, nobody",
    "criteria/statement.py:_statement": "rules as one statement",
    "desk/navigation.py:_address": "where the pages of the menu stand",
    "groups/selectors/telling.py:tells": "what a rule looks at",
    "imports/rules/reading/columns.py:_bare": "titles of columns of lists that came in",
    "imports/selectors/read_tables.py:kinds": "the lists the packs declare",
    "kernel/forbidden.py:_converter": "the table of traditional characters",
    "kernel/forbidden.py:_forbidden_sounds": "how the forbidden words sound",
    "documents/printing.py:_fonts": "the fonts of the server",
    "kernel/days.py:_bounds": "the bounds of plausible days",
    "kernel/sealing.py:_derive": "keys derived from the master keys, cleared when these change",
    "kernel/sealing.py:_seal_code": "codes of the packs and titles of groups, of nobody; cleared when the keys change",
    "kernel/sealing.py:open_code": "codes of the packs and titles of groups, of nobody; cleared when the keys change",
    "linkage/sounds.py:_alone": "single characters and how they are read",
    "linkage/sounds.py:_in_words": "pairs of characters of the dictionary",
    "office/access.py:permission_table": "the table of permissions",
    "office/record_types.py:_models": "the names of the models",
    "phone/actions/inbox.py:_private_key": "private keys of the server",
    "phone/rules/envelope.py:_private_key": "private keys of the server",
    "planner/plan.py:compile_loops": "compiled loops",
    "redaction/sight.py:installed": "whether the readers of pictures are there",
    "redaction/words.py:_segmenter": "the dictionary of words",
    "register/rules/identity/decisions.py:_reasons": "sentences for codes",
    "register/selectors/packs.py:": "what the packs say",
    "sheets/selectors/columns.py:": "the columns and views of a grid",
}


def remembered() -> set[str]:
    """Return file:function of everything that is cached for the life of a process."""
    found = set()
    for path in PRODUCT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(_is_cache(word) for word in node.decorator_list):
                found.add(f"{path.relative_to(PRODUCT).as_posix()}:{node.name}")
    return found


def _is_cache(decorator: ast.expr) -> bool:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")
    return name in ("lru_cache", "cache")


def test_no_cache_of_the_process_holds_anything_of_a_resident() -> None:
    whole_rooms = tuple(name for name in KEPT if name.endswith(":"))
    found = remembered()
    assert {name for name in found if name not in KEPT and not name.startswith(whole_rooms)} == set()
    assert all(any(name.startswith(kept) for name in found) for kept in KEPT), "a cache that is gone is named"


@pytest.mark.django_db
def test_a_request_leaves_nothing_of_what_it_read() -> None:
    read_telephones("13900001234")
    assert recall.remembered() > 0
    Client().get("/")
    assert recall.remembered() == 0
