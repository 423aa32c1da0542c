"""The gate before publication: planted facts over carriers and disguises, clean notices, time and memory.

    python3 start.py bench publication [seed]

Figures asked for (issue 20): of 5,000 planted facts 0 numbers and 0 registered names out, other names >= 95 % found;
<= 1 false alarm per 2,000 characters on 1,000 clean notices; a page of 3,000 characters <= 1 s, a workbook of 20,000
rows <= 10 s of CPU for checking and for publishing it, peak <= 512 MB.
"""

import io
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from random import Random

import xlsxwriter

from benchmarks.worlds import notices, planted
from benchmarks.worlds.planted_judge import everything_in, is_in
from qiaomen.redaction.examine import examine
from qiaomen.redaction.findings import suggested
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.parts import Part
from qiaomen.redaction.passing import passing
from qiaomen.redaction.publish import publish
from qiaomen.redaction.scan import marks_in

EVERYDAY = [
    "高峰",
    "白雪",
    "方便",
    "国庆",
    "文明",
    "和平",
    "高兴",
    "温馨",
    "马上",
    "江南",
    "石林",
    "方圆",
    "时光",
    "向阳",
    "明天",
    "金秋",
    "高温",
    "安康",
    "常青",
    "成功",
]
"""Names that residents have and words that every notice has."""
COMPOUNDS = ("学府里", "东关新村", "幸福苑")
A_FILE = 100


def release_all(
    seed: int, count: int, register: Mapping[str, bool], carriers: Iterable[str] = tuple(planted.CARRIERS)
) -> tuple[list[tuple[str, str]], Counter[str]]:
    """Publish so many facts by the gate's suggestions; return (kind, sentence) of what got out, and counts."""
    names, lets = Registered(dict(register), COMPOUNDS), passing()
    facts = planted.facts(seed, count, dict(register))
    kinds, dresses = list(carriers), list(planted.DISGUISES)
    by_carrier: dict[str, list[tuple[planted.Fact, str]]] = {carrier: [] for carrier in kinds}
    for number, fact in enumerate(facts):
        carrier = kinds[number % len(kinds)]
        by_carrier[carrier].append((fact, dresses[(number // len(kinds) * 7 + number) % len(dresses)]))
    out: list[tuple[str, str]] = []
    for carrier, dressed in by_carrier.items():
        for first in range(0, len(dressed), A_FILE):
            batch = dressed[first : first + A_FILE]
            name, content = planted.CARRIERS[carrier]([planted.written(fact, dress) for fact, dress in batch])
            parts = [Part(name, content)]
            new = publish(parts, suggested(examine(parts, names, lets)), names, lets)[0]
            text = everything_in(new.name, new.content)
            out += [
                (fact.kind, f"{carrier}, {dress}: {planted.written(fact, dress)!r}")
                for fact, dress in batch
                if is_in(fact.value, text)
            ]
    return out, Counter(fact.kind for fact in facts)


def alarms(texts: Sequence[str], register: Mapping[str, bool]) -> tuple[int, list[str]]:
    """Return how many characters clean notices have, and what alarmed in them."""
    names = Registered({**register, **dict.fromkeys(EVERYDAY, False)}, COMPOUNDS)
    lets = passing(notices.OFFICIALS, notices.HOTLINES, notices.OFFICES)
    found = [
        f"{mark.kind} {mark.plain}: {text[max(0, mark.start - 8) : mark.end + 8]!r}"
        for text in texts
        for mark in marks_in(text, names, lets)
    ]
    return sum(map(len, texts)), found


def workbook(rows: int, register: Mapping[str, bool]) -> bytes:
    """Make a list of residents with twelve columns."""
    random, known = Random(3), sorted(register)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("台账")
    heads = ["序号", "姓名", "身份证号", "联系电话", "住址", "性别", "网格", "金额", "类别", "备注", "日期", "经办"]
    sheet.write_row(0, 0, heads)
    for row in range(1, rows + 1):
        door = f"幸福苑{random.randint(1, 20)}号楼{random.randint(1, 4)}单元{random.randint(1, 6)}0{random.randint(1, 2)}室"
        numbers = [planted.value("id_no", random, known, []), planted.value("phone", random, known, [])]
        note = random.choice(("", "已核实", "本人领取", "需再次走访，家中无人"))
        rest = [random.choice("男女"), f"第{random.randint(1, 9)}网格", random.randint(100, 9000), "临时救助", note]
        sheet.write_row(row, 0, [row, random.choice(known), *numbers, door, *rest, "2026-11-05", "窗口"])
    book.close()
    return out.getvalue()


def measure_workbook() -> None:
    """Check and publish 20,000 rows in a process of its own and say what it took."""
    register = planted.registered(1, 13_160)
    parts = [Part("台账.xlsx", sys.stdin.buffer.read())]
    names, lets = Registered(register, COMPOUNDS), passing()
    begin = time.process_time()
    examined = examine(parts, names, lets)
    checked = time.process_time()
    publish(parts, suggested(examined), names, lets)
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"workbook of 20,000 rows: checked {checked - begin:.1f} s, published {done - checked:.1f} s CPU, {peak:.0f} MB"
    )


def main(seed: int) -> None:
    """Run the long form and print what was measured."""
    register = planted.registered(1, 13_160)
    out, counted = release_all(seed, 5000, register)
    got_out = Counter(kind for kind, _sentence in out)
    for kind, count in sorted(counted.items()):
        print(f"{kind}: {count} planted, {got_out[kind]} out")
    for kind, sentence in out[:30]:
        print(f"  out: {kind}, {sentence}")
    random = Random(seed)
    characters, found = alarms([notices.notice(random) for _ in range(1000)], register)
    print(f"clean notices: {characters} characters, {len(found)} alarms")
    for alarm, times in Counter(found).most_common(10):
        print(f"  {times} x {alarm}")
    names, lets = Registered(register, COMPOUNDS), passing()
    page = [Part("page", "".join(notices.notice(random) for _ in range(12))[:3000])]
    begin = time.process_time()
    publish(page, suggested(examine(page, names, lets)), names, lets)
    print(f"page of 3,000 characters, checked and published: {time.process_time() - begin:.3f} s CPU")
    code = "from benchmarks.bench_publication import measure_workbook; measure_workbook()"
    subprocess.run([sys.executable, "-c", code], input=workbook(20_000, register), check=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
