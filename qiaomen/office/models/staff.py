"""The organisation tree, the staff, their phones, and the ledger."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import chain
from qiaomen.kernel.sealing import CannotUnseal
from qiaomen.office.fields import SealedField


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Makes an organisation together with the head of its ledger."""

    def create(self, **fields: Any) -> "Organisation":
        """Create one, and the signed head of an empty chain: a missing head is therefore never a new community."""
        with transaction.atomic():
            made = super().create(**fields)
            LedgerHead(community=made).sign_and(force_insert=True)
        return made


class Organisation(models.Model):
    """County, town, community or grid; a county hosts, a community owns its records."""

    record_type: ClassVar[str] = "office.organisation"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=20, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    telephone = models.CharField(max_length=30, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["county", "town", "community", "grid"]), name="organisation_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


ROLES = {
    "head": _("社区主任"),
    "worker": _("网格员"),
    "volunteer": _("小组志愿者"),
    "supervisor": _("县级督导"),
    "auditor": _("审计员"),
    "admin": _("系统管理员"),
}


class StaffManager(BaseUserManager["Staff"]):
    """Makes staff with a hashed password."""

    def create_user(self, login_name: str, password: str | None = None, **fields: Any) -> "Staff":
        """Create one member of staff."""
        staff = self.model(login_name=login_name, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """Someone who works here, with one role in one organisation.

    `code_until`: the password is a one-time code that was printed, good until then; None: they chose their own.
    `opened_by`, `code_by`: who opened the account and who gave its last code, and so could have signed in; None: the
    command line.
    """

    record_type: ClassVar[str] = "office.staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login_name = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=12)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    telephone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    keeps_children = models.BooleanField(default=False)
    code_until = models.DateTimeField(null=True)
    opened_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    code_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    objects = StaffManager()
    USERNAME_FIELD = "login_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(role__in=list(ROLES)), name="staff_role_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def community(self) -> Organisation | None:
        """The community this person works in; None for county and town staff."""
        organisation: Organisation | None = self.organisation
        while organisation is not None and organisation.kind == "grid":
            organisation = organisation.parent
        return organisation if organisation is not None and organisation.kind == "community" else None

    @property
    def role_title(self) -> Any:
        """The role in words."""
        return ROLES[self.role]


class SignIn(models.Model):
    """A browser in which somebody is signed in now; gone when they sign out, are signed out, or a day has passed."""

    record_type: ClassVar[str] = "office.signin"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.browser or str(self.id)


class Device(models.Model):
    """A phone that may take packs and hand in visits; its token is kept only as a hash.

    `left_at`: handed over; it takes nothing any more and what was made on it is still taken in. `revoked_at`: taken out
    of service by the office; what comes from it waits as 待核. `kept_by`: who fetches what is still on it, when its user
    has left. `in_use_at`: seen then, and never silent for as long as the idle limit since it signed in; handing in
    keeps a phone in use and wakes none.
    """

    record_type: ClassVar[str] = "office.device"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=60, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    hand_in_token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    grant_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    in_use_at = models.DateTimeField(null=True)
    list_taken_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.label or str(self.id)


class LedgerEntry(models.Model):
    """One act or one look, with the actor's name as it was then. The chain is per community (kernel/chain.py).

    `hash` covers every other column as it is stored and the hash before it; `mark` is the key's on the hash; `key_id`
    names the key. `reason`: sealed for its place in the chain, so that the hash binds words that only the key opens.
    """

    record_type: ClassVar[str] = "office.ledgerentry"

    id = models.BigAutoField(primary_key=True)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True, db_index=True)
    fields = models.JSONField(default=list)
    reason = SealedField(
        label="office.ledgerentry.reason", row=("community", "seq"), lasting=True, blank=True, default=""
    )
    detail = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)
    key_id = models.CharField(max_length=12)
    mark = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "seq"], name="ledger_seq_once")
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["actor", "code", "at"], name="ledger_actor_code_at")]

    def __str__(self) -> str:
        return f"{self.seq} {self.code}"

    @property
    def why(self) -> str:
        """The reason in words; of a line somebody laid hands on, that it cannot be opened: the page still stands."""
        try:
            return str(self.reason)
        except CannotUnseal:
            return gettext("（打不开：这一行被动过，或者盖印的钥匙不在这里）")


class LedgerHead(models.Model):
    """The last line of a community's chain: locked while a line is added; signed, so that nobody moves it back.

    The mark covers the community's name and code, too: two communities that change names change chains.
    """

    record_type: ClassVar[str] = "office.ledgerhead"

    community = models.OneToOneField(Organisation, primary_key=True, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=chain.GENESIS)
    key_id = models.CharField(max_length=12)
    mark = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.community_id} {self.seq}"

    @property
    def said(self) -> dict[str, Any]:
        """What the mark covers."""
        home = self.community
        return {"community": home.pk, "code": home.code, "name": home.name, "seq": self.seq, "hash": self.hash}

    @property
    def holds(self) -> bool:
        """Whether the mark was made by the key on just this."""
        return chain.is_head_marked(self.key_id, self.mark, **self.said)

    def sign_and(self, **how: Any) -> None:
        """Sign and save in one statement: `update_fields=…` or `force_insert=True`."""
        self.key_id, self.mark = chain.mark_head(**self.said)
        self.save(**how)


class Label(models.Model):
    """A name an office gave: what for, asked by whom, approved by whom else. `plan`: sealed JSON of what it makes.

    `subject`: the row it became, once it is approved.
    """

    record_type: ClassVar[str] = "office.label"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    purpose_title = models.CharField(max_length=60)
    plan = SealedField(label="office.label.plan")
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked")
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    subject = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "approved", "refused", "withdrawn"]), name="label_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | ~models.Q(decided_by=models.F("asked_by")),
                name="label_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class NightlyRun(models.Model):
    """The last run of a daily task: when it began and ended, what it did in counts, whether it failed."""

    record_type: ClassVar[str] = "office.nightlyrun"

    code = models.CharField(primary_key=True, max_length=40)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)
    failed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class Badge(models.Model):
    """What a phone proves itself by: a secret for the 敲门证, and a second token that can hand in and nothing else."""

    record_type: ClassVar[str] = "office.badge"

    device = models.OneToOneField(Device, primary_key=True, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=8, unique=True)
    secret = SealedField(label="office.badge.secret")

    def __str__(self) -> str:
        return self.number


class BadgePhoto(models.Model):
    """The photo somebody shows on their 敲门证: their own wish, a sealed file, gone when they say so or leave."""

    record_type: ClassVar[str] = "office.badgephoto"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="badge_photo")
    put_at = models.DateTimeField()
    put_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.staff_id)


class Job(models.Model):
    """Work that left its request: who asked for what, who has it, how it ended. `tries` counts the claims.

    `subject` is the key of what is worked at; `words` is the reason a person gave, dropped when the job ends.
    """

    record_type: ClassVar[str] = "office.job"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    words = SealedField(label="office.job.words", default="", blank=True)
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)
    failed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["code", "subject"], condition=models.Q(ended_at=None), name="one_such_job_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"
