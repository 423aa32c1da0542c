"""How personal values are shown when they are not revealed (永安 rule: first two and last four of an ID)."""


def mask_id_no(id_no: str) -> str:
    """Return e.g. 99************1234; short values are hidden whole."""
    return id_no[:2] + "*" * (len(id_no) - 6) + id_no[-4:] if len(id_no) > 8 else "*" * len(id_no)


def mask_phone(phone: str) -> str:
    """Return e.g. 138****1234; short values are hidden whole."""
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:] if len(phone) > 8 else "*" * len(phone)


def mask_name(name: str) -> str:
    """Return the surname character and two stars, whatever the length."""
    return name[:1] + "**" if name else ""
