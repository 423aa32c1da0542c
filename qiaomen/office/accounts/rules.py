"""Who may keep whose account, and which role fits where. No database: keys, roles and kinds of organisation come in."""

HEAD_GIVES = ("head", "worker", "volunteer")
"""Roles of a community. A head gives no other: whoever could make an administrator would be one."""
HOLDERS = ("head", "worker")
"""Roles that do work by name; a volunteer has a place in a team only."""
KEEPERS = ("head", "admin")
PLACES = {
    "head": ("community",),
    "worker": ("community", "grid"),
    "volunteer": ("community", "grid"),
    "supervisor": ("county", "town"),
    "auditor": ("county", "town", "community"),
    "admin": ("county", "town"),
}
"""The kinds of organisation a role is of."""


def roles_given_by(role: str) -> tuple[str, ...]:
    """Return the roles somebody may give to others, in the order of a list; () for who keeps no accounts."""
    if role == "admin":
        return tuple(PLACES)
    return HEAD_GIVES if role == "head" else ()


def fits(role: str, kind: str) -> bool:
    """Say whether a role is of this kind of organisation."""
    return kind in PLACES.get(role, ())


def ends_sign_ins(before: tuple[str, object], after: tuple[str, object]) -> bool:
    """Say whether somebody must sign in anew: (role, community) has changed. Source: promises.md C7."""
    return before != after
