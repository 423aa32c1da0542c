"""What is typed is read as what it most likely is; names are read in every way people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.linkage.sounds import readings_of
from qiaomen.register.rules.search.query import numbers_in, parse
from qiaomen.register.rules.search.tokens import BEGINS, GIVEN, OTHER, WHOLE, Known, fold, tail_of, tokens_of


def blind(tail: str) -> str:
    return f"<{tail}>"


def finds(text: str, known: Known) -> bool:
    """Whether every word of one reading of the text matches a person's tokens."""
    tokens = tokens_of(known, blind)
    return any(query and all(word.covers(tokens) for word in query) for query in parse(text, blind))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张伟", "zhangwei zw 张伟 张 伟 wei zhangw zhang伟 张wei 张w 张微 章伟 w"),
        ("单志明", "shanzhiming danzhiming shan dan szm dzm zhiming 志明 zm 山志明"),
        ("仇小兰", "qiu chou qiuxiaolan chouxiaolan qxl cxl xiaolan"),
        ("尉迟恭", "yuchigong weichigong ycg wcg 尉迟 gong"),
        ("长孙行", "zhangsun changsun zsx zsh"),
        ("万俟乐", "moqile moqiyue wansile mql"),
        ("吕布", "lv lu lvbu lubu lü lb"),
        ("覃乐", "qin tan qinle tanyue qy"),
        ("买买提·艾山", "买买提·艾山 买买提艾山 买买提•艾 提艾 maimaiti aishan mmtas 提艾山"),
        ("John Smith", "john smith mith JOHN ohnsmi js"),
        ("欧阳文静", "欧阳 ouyang oywj 文静 wj 欧阳文敬 欧阳wj"),
    ],
)
def test_a_name_is_found_however_it_is_read(name: str, typed: str) -> None:
    assert [text for text in typed.split() if not finds(text, Known(name))] == []
    assert not finds("wx", Known(name)) and not finds("贺", Known(name))


@pytest.mark.parametrize(
    "typed",
    [
        "3-2-501",
        "3-2-5",
        "3号楼2单元501",
        "3号楼2单元501室",
        "2单元501",
        "2-501",
        "501",
        "501室",
        "3号楼",
        "3栋2-501",
        "幸福苑3-2-501",
        "幸福苑小区3号楼2单元501室",
        "幸福苑 3-2-501",
        "3号楼501",
        "王 3-2-501",
        "3-2-501 王",
        "王3-2-501",
        "3－2－501",
        "王 1234",
        "1234",
        "小明 501",
        "wxm 501",
        "01x",
        "101x",
        "王 101X",
        "幸福 501 wang",
    ],
)
def test_doors_and_last_fours_are_found_in_every_spelling(typed: str) -> None:
    known = Known("王小明", phone="139 0000 1234", door="3-2-501", compound="幸福苑小区")
    assert finds(typed, known) == (not typed.lower().endswith("01x")), "an identity number has no tail to be found by"
    assert not finds(typed, Known("贺年", phone="13900005555", door="13-12-402", compound="学府里"))


def test_whole_numbers_are_numbers_and_nothing_is_nothing() -> None:
    whole = ("139 0000 1234", "+86 13900001234", "139-0000-1234", "0999-0000000", "99010119500101101x")
    assert [query[0].text for text in whole for query in parse(text, blind)] == [
        "13900001234",
        "13900001234",
        "13900001234",
        "09990000000",
        "99010119500101101X",
    ]
    assert parse("", blind) == parse(" · ", blind) == [] and len(parse("a " * 90, blind)[0]) == 5


def test_the_place_of_a_token_puts_surnames_first() -> None:
    tokens = tokens_of(Known("明小明", former_name="明月"), blind)
    assert (tokens["=明小明"], tokens["=明"], tokens["=小明"], tokens["=明月"]) == (WHOLE, BEGINS, GIVEN, OTHER)
    assert readings_of("王芳") == (("wang", "fang"),)


def test_a_clear_tail_is_no_token() -> None:
    known = Known("王芳", phone="13900001234")
    assert not [token for token in tokens_of(known, lambda _: "h") if "1234" in token]
    assert (tail_of("123456"), tail_of("13900001234")) == ("", "1234")


def test_a_number_half_typed_is_nobodys() -> None:
    assert numbers_in("王 1390000123") == numbers_in("99010119500101") == numbers_in("1234") == []
    assert numbers_in("王 13900001234") == ["13900001234"] and numbers_in("99010119500101101x") == [
        "99010119500101101X"
    ]


NAMES = st.text(st.sampled_from("王单仇解张伟明小兰吕乐行买提·艾山长孙骉𬶍Ab12〇"), min_size=1, max_size=9)


@given(NAMES, st.integers(0, 8), st.integers(1, 9))
def test_every_part_of_every_name_is_found(name: str, start: int, length: int) -> None:
    part = name[start : start + length]
    if fold(part) and not fold(part).isdigit():
        assert finds(part, Known(name))


@given(st.text(max_size=40))
def test_nothing_typed_makes_the_reader_fall_over(text: str) -> None:
    for query in parse(text, blind):
        assert 0 < len(query) <= 10 and all(word.number or word.probes for word in query)


@given(NAMES)
def test_tokens_fit_their_column(name: str) -> None:
    long = Known(name * 7, nickname=name, phone="13900001234", door="13-2-1501A", compound=name)
    assert all(0 < len(token) <= 60 for token in tokens_of(long, blind))
