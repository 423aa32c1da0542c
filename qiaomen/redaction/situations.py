"""What a sentence tells of somebody: an illness, an income, a child, a relative by whom a person is known.

An illness alone is no private matter (a notice of a free check-up); beside a person in the same sentence it is. These
rules take the places where somebody stands in the sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qiaomen.kernel.texts import Text
from qiaomen.kernel.texts import later as _
from qiaomen.redaction.words import COMPOUND, SURNAMES

_SUR = f"(?:{'|'.join(COMPOUND)}|[{''.join(sorted(SURNAMES))}])"
_KIN = (
    "女儿|儿子|孩子|长子|次子|长女|次女|养女|养子|之子|之女|孙子|孙女|外孙女|外孙|妻子|丈夫|爱人|老伴|母亲|父亲|妈妈|爸爸|爷爷|"
    "奶奶|姥姥|姥爷|外公|外婆|哥哥|弟弟|姐姐|妹妹|儿媳|女婿|侄子|侄女|外甥女|外甥|遗孀|家属"
)
_SOMEBODY = rf"{_SUR}(?:某某|某|[\u4e00-\u9fff]?(?:女士|先生|大爷|大妈|大娘|阿姨|奶奶|爷爷|师傅|老人|氏)|老|家)"
_CHAIN = re.compile(rf"{_SOMEBODY}(?:家)?(?:的)?(?:[大小二三长次独])?(?:{_KIN})")
_WHERE = re.compile(
    r"[\u4e00-\u9fff]{2,10}(?:小学|中学|初中|高中|幼儿园|学校|学院|大学|职中|特校)|[一二三四五六七八九十初高123456789]{1,2}年级|[初高][一二三]|\d班|"
    r"[\u4e00-\u9fff]{2,8}(?:公司|工厂|厂|医院|单位|局|所)(?:上班|工作|职工|务工)|在[\u4e00-\u9fff]{2,8}(?:打工|务工|上班)"
)
_SCHOOL = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:小学|中学|初中|高中|幼儿园)(?:[一二三四五六七八九]年级|[初高][一二三])?(?:[(（]?\d{1,2}[)）]?班)?"
)
_MINOR = re.compile(
    r"(?:小学|初中|幼儿园|中学|学前班|托班)[\u4e00-\u9fff]{0,6}(?:学生|年级|\d班|就读|在读)?|[一二三四五六]年级|(?<!\d)(?:1[0-7]|[1-9])岁|未成年|留守儿童|"
    r"困境儿童|孤儿|小朋友|幼儿|(?:读|上)(?:小学|初[一二三]|初中|高[一二三]|幼儿园)|学籍|少年(?!宫)"
)
_CHILD = re.compile(
    r"女儿|儿子|孩子|孙子|孙女|外孙|之子|之女|长子|次子|长女|次女|小学|初中|幼儿园|年级|小朋友|儿童|孤儿|同学|(?<!\d)(?:1[0-7]|[1-9])岁"
)
_ILLNESS = re.compile(
    "癌|肿瘤|白血病|尿毒症|透析|化疗|放疗|糖尿病|高血压|冠心病|心脏病|脑梗|脑出血|中风|偏瘫|瘫痪|截肢|截瘫|肝硬化|乙肝|丙肝|肝炎|肺结核|艾滋|梅毒|"
    "精神分裂|精神病|精神障碍|抑郁|躁狂|癫痫|痴呆|帕金森|自闭|孤独症|脑瘫|唐氏|智力残疾|肢体残疾|视力残疾|听力残疾|精神残疾|言语残疾|[一二三四]级残疾|残疾等级|"
    "骨折|手术|住院|病危|重病|大病|患病|癌症|流产|不孕|怀孕|红斑狼疮|血友病|哮喘|尘肺|失能|失明|聋哑|植物人|病情|确诊|烧伤|受伤"
)
_TREATED = {"透析", "化疗", "放疗", "手术", "住院"}
_INCOME = re.compile(
    r"(?:月|年|日)?(?:收入|工资|退休金|养老金|低保金|存款|欠款|负债|欠债|医药费|医疗费|花费|自付)[\u4e00-\u9fff]{0,6}\s?[\d,.]+\s?(?:多|余)?(?:元|万)|"
    r"享受(?:城市|农村)?(?:低保|特困|五保)|低保户|特困户|特困供养|建档立卡|脱贫户|监测户|低保对象|申请(?:了)?(?:低保|临时救助|特困|大病救助)|"
    r"(?:领取|发放|获得)(?:了)?(?:低保|救助|补助|补贴|慰问)(?:金|款)?[\u4e00-\u9fff]{0,4}\s?[\d,.]*元?|"
    r"欠(?:债|款)|家庭困难|无收入|没有收入|无生活来源|失业|刑满|吸毒"
)
_CLAUSE = re.compile(r"[^。！？!?；;\n\uffff]+")

REASONS = {
    "minor": _("这句话里有孩子：学校、年级或年龄，加上人"),
    "minor_name": _("姓名是登记的未成年人"),
    "relation": _("亲属关系加上学校或单位，邻居一看就知道是谁"),
    "health": _("同一句里有人，也有病情或残疾"),
    "income": _("同一句里有人，也有收入、救助或欠债"),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """A stretch of a text, the kind and the reason. `role`: the words that may stand in its place."""

    kind: str
    start: int
    end: int
    reason: Text
    role: str = ""


def situations_in(text: str, people: Sequence[tuple[int, int]]) -> Iterator[Situation]:
    """Yield what each sentence tells of somebody; `people`: where names stand in the text, in their order."""
    waiting = 0
    for clause in _CLAUSE.finditer(text):
        start, end = clause.span()
        while waiting < len(people) and people[waiting][1] <= start:
            waiting += 1
        here = waiting
        while here < len(people) and people[here][0] < end:
            here += 1
        yield from _in_sentence(text, start, end, people[waiting:here])


def _in_sentence(text: str, start: int, end: int, people: Sequence[tuple[int, int]]) -> Iterator[Situation]:
    sentence = text[start:end]
    chains = list(_CHAIN.finditer(sentence))
    somebody = bool(people or chains) or re.search(_SOMEBODY + "(?!庄|村|巷)", sentence) is not None
    if not somebody:
        return
    for chain in chains:
        where = _WHERE.search(sentence, chain.end())
        near = where if where and where.start() - chain.end() <= 12 else None
        child = near and _MINOR.search(sentence[chain.start() : near.end() + 6])
        stop = near.end() if near else chain.end()
        if near:
            tail = re.compile(r"(?:[一二三四五六七八九]年级|[初高][一二三]|\(?\d{1,2}\)?班|的?学生|学生)*").match(
                sentence, stop
            )
            stop = tail.end() if tail else stop
            kind = "minor" if child else "relation"
            role = "一名学生" if child else "一名居民的家属"
            yield Situation(kind, start + chain.start(), start + stop, REASONS[kind], role)
    spent = any(_WHERE.search(sentence, chain.end(), chain.end() + 24) for chain in chains)
    child = _MINOR.search(sentence) if not spent and (people or chains) else None
    if child:
        school = _SCHOOL.search(sentence)
        first = min(child.start(), school.start()) if school else child.start()
        stop = max(child.end(), school.end()) if school else child.end()
        yield Situation("minor", start + first, start + stop, REASONS["minor"], "未成年")
    for kind, form in (("health", _ILLNESS), ("income", _INCOME)):
        for found in form.finditer(sentence):
            role = "" if kind == "income" else "治疗" if found[0] in _TREATED else "疾病"
            yield Situation(kind, start + found.start(), start + found.end(), REASONS[kind], role)
