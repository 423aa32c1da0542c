"""Standing people get the tokens they are found by, and marks of their numbers with their community's own key.

The fill is written out here and calls no living code. It knows the names, their usual sound and the commonest
second readings, doors and last fours; `python -m qiaomen reindex` brings it to whatever the release knows.
"""

import re
import unicodedata

from django.db import migrations
from pypinyin import Style, lazy_pinyin

from qiaomen.kernel import sealing  # the keys are nowhere else

CHUNK = 500
SECOND = {
    "单": "dan", "仇": "chou", "曾": "ceng", "解": "jie", "区": "qu", "查": "cha", "盖": "gai", "朴": "pu", "覃": "tan",
    "乐": "le", "种": "zhong", "缪": "mou", "员": "yuan", "黑": "hei", "翟": "di",
}
FIRST = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "区": "ou", "查": "zha", "盖": "ge", "朴": "piao", "覃": "qin",
    "乐": "yue", "种": "chong", "缪": "miao", "员": "yun", "黑": "he", "翟": "zhai",
}


def fold(text):
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in text if unicodedata.category(char)[0] not in "ZPC" or char == "-")


def sounds(name):
    spoken = [part for one in lazy_pinyin(name, style=Style.NORMAL) for part in re.findall("[a-z]+", one.lower())]
    for first in {FIRST.get(name[:1]), SECOND.get(name[:1])} - {None} or {None}:
        yield ([first] if first else spoken[:1]) + spoken[1:]


def tokens(person, key):
    name, found = fold(person.name).replace("-", ""), {}
    for start in range(len(name)):
        for end in range(start + 1, min(start + 4, len(name)) + 1):
            place = 0 if end - start == len(name) else 2 if start else 1
            found["=" + name[start:end]] = min(place, found.get("=" + name[start:end], place))
    for spoken in sounds(name):
        for start in range(len(spoken)):
            sign, place = ("~", 2) if start else ("^", 1)
            for text in ("".join(spoken[start:]), "".join(one[0] for one in spoken[start:])):
                for one in {text, text.replace("v", "u")}:
                    found[(sign + one)[:60]] = place
    for number in (person.phone, person.id_no):
        digits = re.sub("[^0-9X]", "", number.upper())
        if len(digits) >= 7:
            found["#" + sealing.blind(digits[-4:], key)[:20]] = 1
    door = person.household.dwelling
    if door is not None:
        place, parts = 1 if person.is_head else 2, fold(door.door_label).split("-")
        for start in range(len(parts)):
            found[("|" if start else "@") + "-".join(parts[start:])] = place
        compound = fold(door.entrance.building.compound.name)
        found["%" + (compound.removesuffix("小区") or compound)] = place
    return found


def fill(apps, schema_editor):
    Person, SearchEntry = (apps.get_model("register", name) for name in ("Person", "SearchEntry"))
    marks = [Person._meta.get_field(name) for name in ("id_no_bi", "phone_bi")]
    keys = list(Person.objects.values_list("pk", flat=True))
    for begin in range(0, len(keys), CHUNK):
        standing = Person.objects.filter(pk__in=keys[begin : begin + CHUNK])
        people = list(standing.select_related("household__dwelling__entrance__building__compound"))
        for person in people:
            for mark in marks:
                mark.pre_save(person, False)
        Person.objects.bulk_update(people, [mark.name for mark in marks])
        SearchEntry.objects.bulk_create([
            SearchEntry(community_id=person.community_id, person_id=person.pk, token=token, place=place)
            for person in people if person.state != "merged"
            for token, place in tokens(person, f"register.searchentry.tail:{person.community_id}").items()
        ])


class Migration(migrations.Migration):
    dependencies = [("register", "0010_search_entries")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
