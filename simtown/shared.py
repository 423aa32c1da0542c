"""What every community keeps beside its register: whom to ring, who agreed to what, a campaign, a redacted copy."""

import hashlib
import io
import uuid
from datetime import date, timedelta

from PIL import Image, ImageDraw

from qiaomen.needs import actions as needs
from qiaomen.office.access import staff_in
from qiaomen.office.handover import acts as handover
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.shared import bodies, campaigns, photos
from qiaomen.register.actions import person_facts
from qiaomen.register.models import Household, Person
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Round, Visit

BODIES = [
    ("authority", "柳湾镇民政办", "0999-0000011", "办低保、临时救助、高龄津贴"),
    ("authority", "柳湾派出所", "0999-0000012", "户口、身份证、走失求助；急事打 110"),
    ("partner", "柳湾镇卫生院", "0999-0000013", "家庭医生、慢性病随访、上门换药"),
    ("partner", "拾光志愿队", "0999-0000014", "陪诊、理发、修小家电"),
    ("company", "惠民物业", "0999-0000015", "电梯、下水、楼道灯"),
]
AWAY_IN = 3


def keep_shared(community: Organisation, head: Staff, today: date) -> None:
    """Note the bodies, a consent, a promised call-back, a campaign with what carries it, and a redacted picture."""
    for kind, name, telephone, does in BODIES:
        bodies.keep_body(community=community, actor=head, kind=kind, name=name, telephone=telephone, does=does)
    homes = Household.objects.filter(community=community, state="living", dwelling__isnull=False)
    home = homes.order_by("dwelling__walk_order").first()
    if home is None:
        return
    _agree(home, head, today)
    needs.owe(household=home, sentence="医保卡补好了，来窗口取，或者我们送上门。", owner=head, actor=head)
    _campaign(community, head, today)
    _picture(community, head)
    _stand_in(community, head, today)


def _agree(home: Household, head: Staff, today: date) -> None:
    """An elder agrees that a daughter is told; a child's summer course is agreed to by a parent."""
    grown = Person.objects.filter(household__community=home.community, birth_date__lte=date(today.year - 70, 1, 1))
    elder = grown.living().order_by("birth_date", "pk").first()
    if elder is not None:
        told = person_facts.give_consent(
            person=elder, purpose="tell_relative", to_whom="女儿（手机里存的）", actor=head
        )
        person_facts.use_consent(consent=told, actor=head)
    young = Person.objects.filter(community=home.community, birth_date__gte=date(today.year - 12, 1, 1)).living()
    child = young.order_by("birth_date", "pk").first()
    if child is None:
        return
    parents = child.household.people.living().filter(birth_date__lte=date(today.year - 20, 1, 1))
    guardian = parents.order_by("birth_date", "pk").first()
    if guardian is not None:
        person_facts.give_consent(
            person=child,
            purpose="programme",
            to_whom="社区暑期课堂",
            guardian=guardian,
            until=today + timedelta(days=200),
            actor=head,
        )


def _campaign(community: Organisation, head: Staff, today: date) -> None:
    """The head asks for a campaign; where a colleague agrees, the latest rounds carry it."""
    made = campaigns.ask_campaign(
        community=community, purpose="heating", from_date=today, to_date=today + timedelta(days=60), actor=head
    )
    colleague = staff_in(community, "worker").order_by("login_name").first()
    if colleague is None:
        return
    campaigns.decide_campaign(campaign=made, state="agreed", actor=colleague)
    for walked in Round.objects.filter(community=community, state="planned").order_by("-day", "pk")[:2]:
        campaigns.mark(campaign=made, record=walked, actor=colleague)


def _picture(community: Organisation, head: Staff) -> None:
    """A drawn picture of a stairwell comes with a visit; the number on its door is covered."""
    visit = Visit.objects.filter(community=community, outcome="met").order_by("happened_at", "pk").first()
    if visit is None:
        return
    drawn = Image.new("RGB", (1200, 900), (214, 210, 200))
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((420, 180, 780, 880), fill=(120, 82, 54), outline=(60, 40, 26), width=8)
    pen.rectangle((540, 120, 660, 170), fill=(240, 236, 226))
    pen.line((0, 880, 1200, 880), fill=(90, 90, 90), width=10)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=85)
    content = out.getvalue()
    photo, _new = visits.add_photo(
        visit=visit,
        photo_id=uuid.uuid5(visit.pk, "stairs"),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        actor=head,
    )
    photos.redact(photo=photo, cells=[(5, 1), (6, 1)], nothing_to_cover=False, actor=head)


def _stand_in(community: Organisation, head: Staff, today: date) -> None:
    """A grid worker will be away for two days; a colleague stands in."""
    workers = list(staff_in(community, "worker").order_by("login_name")[:2])
    if len(workers) == 2:
        begins = today + timedelta(days=AWAY_IN)
        handover.note_away(
            staff=workers[1], stand_in=workers[0], from_date=begins, to_date=begins + timedelta(days=1), actor=head
        )
