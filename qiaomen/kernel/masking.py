"""How personal values are shown when they are not revealed. The one place: no page has a mask of its own.

What a mask leaves is judged beside its neighbours: an identity number is region (known to everybody in a county),
birthday, three digits of order and a check digit that follows from the others. Its last four beside a birthday are the
whole number; so nothing of its end is ever shown, and beside a whole birthday nothing at all.
Source: GB 11643-1999; promises.md G2.
"""

HIDDEN = "＊＊＊"
"""Stands for a sealed value that has no mask of its own."""
STARS = 18


def mask_id_no(id_no: str, *, beside_birthday: bool = False) -> str:
    """Return 99**************** or, beside a whole birthday, stars alone; the length tells nothing. "" stays ""."""
    if not id_no:
        return ""
    shown = "" if beside_birthday or len(id_no) <= 8 else id_no[:2]
    return shown + "*" * (STARS - len(shown))


def mask_phone(phone: str) -> str:
    """Return e.g. 138****1234; short values are hidden whole."""
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:] if len(phone) > 8 else "*" * len(phone)


def mask_name(name: str) -> str:
    """Return the surname character and two stars, whatever the length."""
    return name[:1] + "**" if name else ""


def mask(sensitivity: str, text: str, *, beside_birthday: bool = False) -> str:
    """Return what anybody who may see the person may see of a value of this sensitivity (kernel/sensitivity.py)."""
    if sensitivity == "id_no":
        return mask_id_no(text, beside_birthday=beside_birthday)
    if sensitivity == "phone":
        return mask_phone(text)
    if sensitivity == "birth":
        return f"{text[:4]}年" if text[:4].isdecimal() else ""
    return text if sensitivity in ("plain", "light") else HIDDEN if text else ""
