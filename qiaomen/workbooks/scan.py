"""The inner loop of reading a sheet: one pass over the bytes of its XML, compiled. Pure; anything unusual is
refused.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

NUMBER, SHARED, TEXT, YES_NO, UNCLEAR = 0, 1, 2, 3, 4
"""Kinds of cells: a number, a place among the shared texts, an own text, yes or no, a number for Python to read."""

MOST_COLUMNS = 16_384
_FAR = 1_048_576
_LT, _GT, _SLASH, _QUOTE, _SPACE, _DOT, _MINUS = 60, 62, 47, 34, 32, 46, 45
_NOTHING, _ODD = 9, 8


@njit(cache=True, nogil=True)
def _attribute(data: Any, at: int, size: int) -> Any:
    """Return (place of the name, place of the value, its end, place after it); the name is at -1 where the tag ends."""
    while at < size and data[at] == _SPACE:
        at += 1
    if at >= size or data[at] == _GT or data[at] == _SLASH:
        return -1, 0, 0, at
    name = at
    while at < size and data[at] != 61 and data[at] != _GT:
        at += 1
    if at + 1 >= size or data[at] == _GT or data[at + 1] != _QUOTE:
        return -2, 0, 0, at
    begin = at + 2
    at = begin
    while at < size and data[at] != _QUOTE and data[at] != _LT:
        at += 1
    if at >= size or data[at] == _LT:
        return -2, 0, 0, at
    return name, begin, at, at + 1


@njit(cache=True, nogil=True)
def _whole(data: Any, begin: int, end: int) -> int:
    """Return a number of one to eight digits, -1 for anything else."""
    if not 0 < end - begin <= 8:
        return -1
    number = 0
    for place in range(begin, end):
        if data[place] < 48 or data[place] > 57:
            return -1
        number = number * 10 + (data[place] - 48)
    return number


@njit(cache=True, nogil=True)
def _column(data: Any, begin: int, end: int) -> int:
    """Return the place of the column of a reference such as AB12, -1 for anything else."""
    column, place = 0, begin
    while place < end and 65 <= data[place] <= 90 and place - begin < 4:
        column = column * 26 + (data[place] - 64)
        place += 1
    if place in (begin, end) or column > MOST_COLUMNS:
        return -1
    return column - 1


@njit(cache=True, nogil=True)
def _kind(data: Any, begin: int, end: int) -> int:
    """Return the kind of t="…": s, str, inlineStr, n, b; an error cell is nothing."""
    size, first = end - begin, data[begin]
    if size == 1:
        if first == 115:
            return SHARED
        if first == 110:
            return NUMBER
        if first == 98:
            return YES_NO
        return _NOTHING if first == 101 else _ODD
    if (size == 3 and first == 115) or (size == 9 and first == 105):
        return TEXT
    return _ODD


@njit(cache=True, nogil=True)
def _number(data: Any, begin: int, end: int) -> Any:
    """Return (a number of at most fifteen digits, whether it is one); others are for Python to read."""
    value, digits, after, negative = 0, 0, -1, False
    for place in range(begin, end):
        byte = data[place]
        if 48 <= byte <= 57:
            value = value * 10 + (byte - 48)
            digits += 1
            if after >= 0:
                after += 1
        elif byte == _DOT and after < 0:
            after = 0
        elif byte == _MINUS and place == begin:
            negative = True
        else:
            return 0.0, False
        if digits > 15:
            return 0.0, False
    if digits == 0:
        return 0.0, False
    found = value / 10.0 ** max(after, 0)
    return (-found if negative else found), True


@njit(cache=True, nogil=True)
def _value(data: Any, at: int, size: int) -> Any:
    """Return (begin and end of the text in <v>, or of the one <t>, of a cell; place after </c>); end is -1 when odd."""
    begin, end = 0, 0
    while at + 3 < size:
        if data[at] != _LT:
            at += 1
            continue
        letter, second = data[at + 1], data[at + 2]
        if letter == _SLASH and second == 99 and data[at + 3] == _GT:
            return begin, end, at + 4
        if letter == 33 or letter == 63 or (letter == 114 and second != 80) or (letter == 99):
            return 0, -1, at
        wanted = (letter == 118 or letter == 116) and (second in (_GT, _SPACE))
        while at < size and data[at] != _GT:
            at += 1
        if wanted and data[at - 1] != _SLASH:
            if end > 0:
                return 0, -1, at
            begin = at + 1
            while at < size and data[at] != _LT:
                at += 1
            end = at
    return 0, -1, at


@njit(cache=True, nogil=True)
def _cell(data: Any, at: int, size: int) -> Any:
    """Return (column, style, kind, place after the tag, whether it is empty) of the cell whose name ends at a place."""
    column, style, kind = -1, 0, NUMBER
    while True:
        name, begin, end, at = _attribute(data, at, size)
        if name == -1:
            break
        if name < 0:
            return -1, 0, _ODD, at, True
        if begin - name == 3:
            letter = data[name]
            if letter == 114:
                column = _column(data, begin, end)
            elif letter == 115:
                style = max(0, _whole(data, begin, end))
            elif letter == 116:
                kind = _kind(data, begin, end)
    empty = data[at] == _SLASH
    while at < size and data[at] != _GT:
        at += 1
    return column, style, kind, at + 1, empty


@njit(cache=True, nogil=True)
def _row(data: Any, at: int, size: int) -> Any:
    """Return (number of the row, place after the tag) of the row whose name ends at a place; -1 when it has none."""
    number = -1
    while True:
        name, begin, end, at = _attribute(data, at, size)
        if name < 0:
            break
        if begin - name == 3 and data[name] == 114:
            number = _whole(data, begin, end)
    return (-1 if name == -2 or number > _FAR else number), at


@njit(cache=True, nogil=True)
def scan_cells(
    data: NDArray[np.uint8],
    size: int,
    rows: Any,
    columns: Any,
    kinds: Any,
    styles: Any,
    values: Any,
    places: Any,
    pool: Any,
) -> Any:
    """Fill the columns from whole rows of XML; return (number of cells, bytes of own texts), (-1, 0) when it is
    unusual.

    `data` is 16 bytes longer than `size`. `places`: where an own text stands in `pool`, or an unclear number in `data`.
    """
    at, count, used, row = 0, 0, 0, -1
    while at < size:
        if data[at] != _LT:
            at += 1
            continue
        letter, second = data[at + 1], data[at + 2]
        if letter == 33 or letter == 63:
            return -1, 0
        if letter == 114 and second == 111 and data[at + 3] == 119:
            row, at = _row(data, at + 4, size)
            if row < 0:
                return -1, 0
            continue
        if letter != 99 or (second != _SPACE and second != _GT and second != _SLASH):
            at += 1
            continue
        column, style, kind, at, empty = _cell(data, at + 2, size)
        if column < 0 or kind == _ODD or row < 0:
            return -1, 0
        if empty:
            continue
        begin, end, at = _value(data, at, size)
        if end < 0:
            return -1, 0
        if end <= begin or kind == _NOTHING:
            continue
        places[count, 0], places[count, 1] = begin, end
        if kind == TEXT:
            pool[used : used + end - begin] = data[begin:end]
            places[count, 0], places[count, 1] = used, used + end - begin
            used += end - begin
        else:
            value, clear = _number(data, begin, end)
            if not clear:
                if kind != NUMBER:
                    return -1, 0
                kind = UNCLEAR
            values[count] = value
        rows[count], columns[count], kinds[count], styles[count] = row, column, kind, style
        count += 1
    return count, used
