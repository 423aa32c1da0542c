"""Places from compound to door, the households behind the doors, their people, and each import."""

import base64
import uuid
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import BlindIndex, SealedField
from qiaomen.office.models import Organisation


class InCommunity(models.Model):
    """What a community owns; the key is opaque, so an address tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Compound(InCommunity):
    """小区."""

    name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["community", "name"], name="compound_once")]

    def __str__(self) -> str:
        return self.name


class Building(InCommunity):
    """楼栋."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["compound", "name"], name="building_once")]

    def __str__(self) -> str:
        return f"{self.compound.name}{self.name}号楼"


class Entrance(InCommunity):
    """单元: one staircase."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="entrances")
    name = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["building", "name"], name="entrance_once")]

    def __str__(self) -> str:
        return self.name


class Dwelling(InCommunity):
    """A door. `walk_order` grows along the way a team walks: building, entrance, floor, room."""

    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="dwellings")
    floor = models.IntegerField()
    room = models.CharField(max_length=20)
    door_label = models.CharField(max_length=60, db_index=True)
    walk_order = models.PositiveBigIntegerField(default=0, db_index=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["entrance", "room"], name="dwelling_once")]

    def __str__(self) -> str:
        return self.door_label


class Household(InCommunity):
    """户 as the roster lists it; `version` grows with each change, so that a late phone can be told."""

    dwelling = models.ForeignKey(Dwelling, null=True, on_delete=models.PROTECT, related_name="households")
    household_no = models.CharField(max_length=30, blank=True)
    head_name = models.CharField(max_length=60)
    origin_town = models.CharField(max_length=40, blank=True)
    origin_village = models.CharField(max_length=40, blank=True)
    lifted_out = models.BooleanField(null=True)
    registered_place = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, default="living")

    def __str__(self) -> str:
        return self.head_name


class Person(InCommunity):
    """A resident. The identity number and the telephone are sealed."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=60, db_index=True)
    former_name = models.CharField(max_length=60, blank=True, default="")
    nickname = models.CharField(max_length=60, blank=True, default="")
    relation = models.CharField(max_length=20, blank=True)
    is_head = models.BooleanField(default=False)
    sex = models.CharField(max_length=10, blank=True)
    birth_date = models.DateField(null=True)
    id_no = SealedField(blank=True, default="")
    id_no_bi = BlindIndex(of="id_no", scope="community_id")
    phone = SealedField(blank=True, default="")
    phone_bi = BlindIndex(of="phone", scope="community_id")
    work_place = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, default="living", db_index=True)
    name_pinyin = models.CharField(max_length=120, db_index=True, blank=True)

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """One token a person is found by (rules/tokens.py); rebuilt from the register at any time by `reindex`.

    Tokens are compared byte by byte: on PostgreSQL the column has the collation "C". The community needs no
    constraint of its own, since the person's row has it.
    """

    pk = models.CompositePrimaryKey("community_id", "token", "place", "person_id")
    community = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    token = models.CharField(max_length=60)
    place = models.SmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["person", "token"], name="search_by_person")]

    def __str__(self) -> str:
        return f"{self.token} {self.person_id}"


class Dated(models.Model):
    """A fact that comes and goes: it holds from `from_date` until the day before `to_date`; None is open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)

    class Meta:
        abstract = True


class Registration(Dated):
    """户口: a person stands in a household's register."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="registrations")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="registrations")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(to_date=None), name="one_open_registration")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.household_id}"


class Residence(Dated):
    """现住: a person lives behind a door; `usual` is False for a stay of less than half a year."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="residences")
    usual = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(to_date=None), name="one_open_residence")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.dwelling_id}"


class Family(InCommunity):
    """共同生活的家庭: who lives from one purse; the unit of a means test."""

    def __str__(self) -> str:
        return str(self.id)


class FamilyMember(Dated):
    """A person counts to a family."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="family_times")
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="members")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(to_date=None), name="one_open_family")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.family_id}"


class ToldFact(Dated):
    """What is known of a person beyond the columns above: one fact of the packs' closed list, from a day until another."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="told_facts")
    code = models.CharField(max_length=40)
    value = SealedField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "code"], condition=models.Q(to_date=None), name="one_open_told_fact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.code}"


class RightsRequest(InCommunity):
    """What a resident asks about their own data: to see, correct, complete, delete or have explained. It has a clock."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10)
    words = SealedField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="open")
    answer = SealedField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=["open", "done", "refused"]), name="rights_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class ImportBatch(InCommunity):
    """One list that came in: what was read, and what became of each row.

    `workbook` is dropped when the list is committed: what no column reads is not kept. `answers`: what a person said of
    rows that look like somebody, by sheet and row: apart, left_out, all_apart.
    """

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    workbook = SealedField()
    state = models.CharField(max_length=12, default="uploaded")
    mapping = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    opened: Any = None

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["community"], condition=models.Q(state="committing"), name="one_import_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def content(self) -> bytes:
        """The workbook as it was uploaded."""
        return base64.b64decode(self.workbook)


class ImportRow(models.Model):
    """A row a person must see before the commit.

    `kind`: problem (stays out), double (stays out unless a person says that it is somebody else), ask (comes in unless
    a person leaves it out), changed. `differences`: sealed JSON, a list of [field, value now, value in the sheet]; of
    double and ask {new, other, why}.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=10, default="problem")
    sheet = models.CharField(max_length=60)
    row_no = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    cells = SealedField(default="")
    differences = SealedField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.sheet} {self.row_no}"


class Act(InCommunity):
    """One thing that was done to the register. What it changed can be taken back while nothing newer stands on it."""

    kind = models.CharField(max_length=20)
    on_date = models.DateField(null=True)
    made_at = models.DateTimeField(db_index=True)
    made_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="acts")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    undo_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.on_date}"


class Change(models.Model):
    """What an act did to one row. `before` empty: the act made the row; `kept`: an undo left it as it stands."""

    id = models.BigAutoField(primary_key=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="changes")
    table = models.CharField(max_length=30)
    row = models.UUIDField()
    before = SealedField(default="", blank=True)
    after = SealedField(default="", blank=True)
    kept = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["row", "id"], name="change_by_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class KnownMapping(InCommunity):
    """As which list, and which columns, a header was read: the next sheet with the same header is read the same way."""

    header_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=40, default="roster")
    fields = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "header_sha256"], name="mapping_once")
        ]

    def __str__(self) -> str:
        return self.header_sha256


class DistinctPair(InCommunity):
    """Two records a person has found to be two people: they are not asked about again."""

    left = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["left", "right"], name="distinct_once")]

    def __str__(self) -> str:
        return f"{self.left_id} {self.right_id}"


class SavedView(models.Model):
    """A tab of the grid one person keeps: which columns, which filters, which order. Filters may name people: sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey("office.Staff", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    view = models.CharField(max_length=30)
    columns = models.JSONField(default=list)
    filters = SealedField(default="", blank=True)
    sort = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class Export(InCommunity):
    """A file of rows that somebody asked for, and who let it go. The file itself is not kept, only marks of its rows.

    `asked_for`: sealed JSON of the question (view, columns, filters, order) and of the columns shown in clear.
    `marks`: keyed hashes of what the rows said, 8 bytes each and sorted; a leaked extract is traced by them.
    """

    number = models.PositiveIntegerField()
    view = models.CharField(max_length=30)
    asked_for = SealedField(default="")
    purpose = models.CharField(max_length=100)
    clear_reason = models.CharField(max_length=100, blank=True)
    rows = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default="asked")
    asked_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    decided_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=100, blank=True)
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    marks = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "number"], name="export_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "approved", "refused", "taken"]), name="export_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="export_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community.code}-{self.number:04d}"


from qiaomen.register import group_models  # noqa: E402, F401  they stand on the models above; Django looks here
