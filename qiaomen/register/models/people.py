"""The households behind the doors, their people, and what is known of them from when until when."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models

from qiaomen.office.fields import BlindIndex, KeyedCode, SealedField
from qiaomen.office.models import Organisation
from qiaomen.register.models.places import Dwelling, InCommunity

CONSENT_PURPOSES = ("tell_relative", "refer", "health_list", "programme", "publish")
"""What somebody may be asked to agree to; a new purpose is added here, never typed."""


class Household(InCommunity):
    """户 as the roster lists it; `version` grows with each change, so that a late phone can be told."""

    record_type: ClassVar[str] = "register.household"

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


COUNTED = ("living", "away")
"""States of those who still count in the register: they live here, or moved away and are registered here still."""


def who_counts(prefix: str = "") -> models.Q:
    """Match who still counts: lives here, or moved away and is registered here; not the dead, the gone, the merged.

    `prefix` leads from the rows that are asked to the person: "person__".
    """
    return models.Q(**{f"{prefix}state__in": COUNTED})


def who_lives_here(prefix: str = "") -> models.Q:
    """Match who lives behind a door of the community today; whoever moved away does not, registered or not."""
    return models.Q(**{f"{prefix}state": "living"})


def who_is_recorded(prefix: str = "") -> models.Q:
    """Match every person the register has a record of, the dead and the gone too; not a record merged into another."""
    return ~models.Q(**{f"{prefix}state": "merged"})


class People(models.QuerySet["Person"]):
    """People, with the three questions asked of a register: who counts, who lives here, who is recorded."""

    def counted(self) -> Self:
        """Keep who still counts (`who_counts`): whom a grid, a group or a form may name."""
        return self.filter(who_counts())

    def living(self) -> Self:
        """Keep who lives here today (`who_lives_here`): whom a visit may meet."""
        return self.filter(who_lives_here())

    def recorded(self) -> Self:
        """Keep who has a record of their own (`who_is_recorded`): whom a search or a look may find."""
        return self.filter(who_is_recorded())


class Person(InCommunity):
    """A resident. The identity number and the telephone are sealed."""

    record_type: ClassVar[str] = "register.person"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=60, db_index=True)
    former_name = models.CharField(max_length=60, blank=True, default="")
    nickname = models.CharField(max_length=60, blank=True, default="")
    relation = models.CharField(max_length=20, blank=True)
    is_head = models.BooleanField(default=False)
    sex = models.CharField(max_length=10, blank=True)
    birth_date = models.DateField(null=True)
    id_no = SealedField(label="register.person.id_no", blank=True, default="")
    id_no_bi = BlindIndex(label="register.person.id_no", of="id_no", scope="community_id")
    phone = SealedField(label="register.person.phone", blank=True, default="")
    phone_bi = BlindIndex(label="register.person.phone", of="phone", scope="community_id")
    work_place = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, default="living", db_index=True)
    name_pinyin = models.CharField(max_length=120, db_index=True, blank=True)

    objects = People.as_manager()

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["community", "birth_date"], name="person_by_birthday")]

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """One token a person is found by (rules/search/tokens.py); rebuilt from the register at any time by `reindex`.

    Tokens are compared byte by byte: on PostgreSQL the column has the collation "C". The community needs no
    constraint of its own, since the person's row has it.
    """

    record_type: ClassVar[str] = "register.searchentry"

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

    record_type: ClassVar[str] = "register.registration"

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

    record_type: ClassVar[str] = "register.residence"

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

    record_type: ClassVar[str] = "register.family"

    def __str__(self) -> str:
        return str(self.id)


class FamilyMember(Dated):
    """A person counts to a family."""

    record_type: ClassVar[str] = "register.familymember"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="family_times")
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="members")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(to_date=None), name="one_open_family")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.family_id}"


class ToldFact(Dated):
    """What is known of a person beyond the columns above: one fact of the packs' closed list, from a day until
    another.
    """

    record_type: ClassVar[str] = "register.toldfact"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="told_facts")
    code = KeyedCode(label="register.toldfact.code")
    value = SealedField(label="register.toldfact.value")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "code"], condition=models.Q(to_date=None), name="one_open_told_fact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.code}"


class Consent(Dated):
    """What a person agreed to: `purpose` of a closed list, `to_whom`, `by_whom`; a minor's is given by a guardian.

    It holds from `from_date` until the day before `to_date`, unless it was withdrawn; used, it leaves a ledger line.
    `guardian`: who agreed, where the register knows them.
    """

    record_type: ClassVar[str] = "register.consent"

    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20)
    to_whom = SealedField(label="register.consent.to_whom")
    by_whom = SealedField(label="register.consent.by_whom", blank=True, default="")
    guardian = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    taken_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["person", "purpose"], name="consent_by_purpose")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(purpose__in=CONSENT_PURPOSES), name="consent_purpose_known"),
            models.CheckConstraint(
                condition=models.Q(guardian=None) | ~models.Q(guardian=models.F("person")), name="guardian_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.purpose}"


def open_on(day: date, prefix: str = "") -> models.Q:
    """Match what holds on a day: begun on it or before, not ended before or on it."""
    begun = models.Q(**{f"{prefix}from_date": None}) | models.Q(**{f"{prefix}from_date__lte": day})
    return begun & (models.Q(**{f"{prefix}to_date": None}) | models.Q(**{f"{prefix}to_date__gt": day}))
