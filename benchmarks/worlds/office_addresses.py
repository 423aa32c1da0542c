"""One door, many spellings: how offices write an address, by style name."""

from random import Random

from benchmarks.worlds.office_truth import TrueDoor

PREFIX = "清禾县东关镇柳林社区"
"""County, town and community before the compound; none of them exists."""

DIGITS = "零一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")

STYLES: dict[str, dict[str, str]] = {
    "flats": {
        "栋单元": "{b}栋{e}单元{r}",
        "栋单元室": "{b}栋{e}单元{r}室",
        "汉字栋": "{B}栋{e}-{r}",
        "井号楼": "{b}#楼{e}单元{r}室",
        "号楼号": "{b}号楼{e}单元{r}号",
        "连字符": "{b}-{e}-{r}",
        "斜线": "{b}/{e}/{r}",
        "幢": "{b}幢{e}单元{r}室",
        "汉字数": "{B}号楼{E}单元{R}室",
        "门作单元": "{b}号楼{e}门{r}室",
        "写楼层": "{b}栋{e}单元{f}楼{r}",
        "楼单元": "{b}楼{e}单元{r}",
        "全角": "{b}-{e}-{r}",
        "空格": " {b} 栋 {e} 单元 {r}",
        "县镇前缀": "{b}号楼{e}单元{r}室",
    },
    "flats-no-entrance": {
        "无单元栋": "{b}栋{r}",
        "无单元室": "{b}号楼{r}室",
        "无单元连字符": "{b}-{r}",
        "无单元井号": "{b}#楼{r}",
        "县镇前缀": "{b}号楼{r}室",
    },
    "towers": {
        "座": "{b}座{r}",
        "座室": "{b}座{r}室",
        "字母栋": "{b}栋{r}",
        "座号": "{b}座 {r}号",
        "县镇前缀": "{b}座{r}",
    },
    "named": {"楼门洞": "{b}{e}{r}", "楼门洞室": "{b}{e}{r}室", "楼门洞空格": "{b} {e} {r}"},
    "courtyard": {"平房": "平房{r}号", "平房空格": "平房 {r}号", "平房汉字": "平房{R}号", "县镇前缀": "平房{r}号"},
    "village": {"组号": "{b}{r}号", "汉字组号": "{G}{r}号", "第几组": "第{G}{r}号", "村民组": "{g}村民小组{r}号"},
}
"""Ground -> style -> pattern; b building, e entrance, r room, f floor; capitals are Chinese numerals."""


def chinese(number: int) -> str:
    """Write a number below a hundred as one says it: 三, 十二, 二十三."""
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[units] if units or not tens else "")


def chinese_digits(room: str, zero: str) -> str:
    """Write a room digit by digit: 五零一 or 五〇一; below a hundred as a number."""
    if len(room) < 3:
        return chinese(int(room))
    return "".join(DIGITS[int(digit)] for digit in room).replace("零", zero)


def spell(door: TrueDoor, ground: str, style: str, random: Random, compound: str) -> str:
    """Write the door in this style; ``compound`` is what stands before it, "" where a title or sheet name says it."""
    building, entrance = door.building or "", door.entrance or ""
    group = building.removesuffix("组")
    number = chinese(int(building)) if building.isdigit() else building
    text = STYLES[ground][style].format(
        b=building,
        e=entrance,
        r=door.room,
        f=door.floor,
        g=group,
        B=number,
        E=chinese(int(entrance)) if entrance.isdigit() else entrance,
        R=chinese_digits(door.room, random.choice("零〇")),
        G=f"{chinese(int(group))}组" if group.isdigit() else building,
    )
    if style == "县镇前缀" and compound:
        return PREFIX + compound + text
    if style == "全角":
        text = text.translate(FULL_WIDTH)
    return compound + text if compound else text.strip()


def compound_words(door: TrueDoor, ground: str, random: Random) -> str:
    """Name the compound as people do: now and then 幸福苑小区 for 幸福苑."""
    estate = ground in ("flats", "towers", "flats-no-entrance", "named")
    return door.compound + ("小区" if estate and door.compound[-1] in "苑园庭里" and random.random() < 0.4 else "")


def building_words(door: TrueDoor, random: Random) -> str:
    """Name the building in a column, a sheet name or a title: 3号楼, 3栋, 三号楼, B座, 南楼, 五组."""
    building = door.building or ""
    if building.isdigit():
        return random.choice(("{0}号楼", "{0}栋", "{0}#楼", "{1}号楼")).format(building, chinese(int(building)))
    return f"{building}座" if building.isascii() else building
