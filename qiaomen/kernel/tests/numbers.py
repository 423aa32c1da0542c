"""Identity numbers for tests: the region 990101 is nowhere."""

from qiaomen.kernel.idcheck import check_digit


def id_no(number: int, born: str = "19500101") -> str:
    """Return a number with a right check digit; `number` is the serial, odd for a man; `born` is YYYYMMDD."""
    first = f"990101{born}{number:03d}"
    return first + check_digit(first)
