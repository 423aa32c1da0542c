"""Bodies are confirmed by a person, a campaign is agreed by a second one and stands on work only, a copy is covered."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from qiaomen.kernel import clock
from qiaomen.office import problems
from qiaomen.office.models import Body, Campaign, CampaignMark, LedgerEntry, Organisation, Photo, Staff
from qiaomen.office.shared import bodies, campaigns, photo_files, photos
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household, Person
from qiaomen.visits.models import Round, Team


@pytest.fixture
def stranger(db: None) -> Staff:
    home = Organisation.objects.create(kind="community", name="别的社区", code="R2")
    return Staff.objects.create_user("s-r", None, name="别人", role="head", organisation=home)


def make_body(community: Organisation, actor: Staff, name: str = "民政办") -> Body:
    return bodies.keep_body(
        community=community, actor=actor, kind="authority", name=name, telephone="0999-0000001", does="办低保"
    )


def test_a_body_says_who_found_it_true_and_when_it_is_to_be_rung(community: Organisation, worker: Staff) -> None:
    made = make_body(community, worker)
    assert (made.confirmed_on, made.confirmed_by) == (clock.today(), worker)
    later = clock.now() + timedelta(days=bodies.GOOD_FOR_DAYS + 1)
    with clock.at(later):
        assert bodies.is_stale(made, clock.today())
        page = client_of(worker).get(reverse("desk:today")).content.decode()
        assert "民政办的电话半年没有核实" in page
        client_of(worker).post(reverse("office:body-confirm", args=[made.pk]))
        assert not bodies.is_stale(Body.objects.get(), clock.today())


def test_one_body_of_a_name_and_an_ended_one_comes_back(community: Organisation, worker: Staff) -> None:
    made = make_body(community, worker)
    with pytest.raises(problems.SuchBody):
        make_body(community, worker)
    bodies.end_body(body=made, actor=worker)
    assert list(bodies.bodies_of(community)) == []
    again = make_body(community, worker)
    with pytest.raises(problems.SuchBody):
        bodies.end_body(body=made, actor=worker, ended=False)
    bodies.end_body(body=again, actor=worker)
    bodies.end_body(body=Body.objects.get(pk=made.pk), actor=worker, ended=False)
    assert [body.pk for body in bodies.bodies_of(community)] == [made.pk]


def test_bodies_are_added_changed_and_listed_on_the_page(community: Organisation, worker: Staff) -> None:
    client = client_of(worker)
    told = {"kind": "company", "name": "惠民物业", "telephone": "0999-0000002", "does": "修电梯"}
    assert client.post(reverse("office:body-new"), told).status_code == 302
    page = client.get(reverse("office:bodies")).content.decode()
    assert "惠民物业" in page and "修电梯" in page
    body = Body.objects.get()
    client.post(reverse("office:body", args=[body.pk]), {**told, "does": "修电梯和门"})
    assert "修电梯和门" in client.get(reverse("office:bodies")).content.decode()
    assert "已经登记过" in client.post(reverse("office:body-new"), told).content.decode() or Body.objects.count() == 1


def ask(community: Organisation, actor: Staff) -> Campaign:
    today = clock.today()
    return campaigns.ask_campaign(
        community=community, purpose="sanitary_city", from_date=today, to_date=today + timedelta(days=30), actor=actor
    )


@pytest.fixture
def walk(community: Organisation) -> Round:
    team = Team.objects.create(community=community, name="敲门一组")
    return Round.objects.create(community=community, team=team, day=clock.today())


def test_a_campaign_counts_when_a_second_person_agrees(
    community: Organisation, worker: Staff, head: Staff, walk: Round
) -> None:
    made = ask(community, worker)
    with pytest.raises(problems.OwnCampaign):
        campaigns.decide_campaign(campaign=made, state="agreed", actor=worker)
    with pytest.raises(problems.CampaignNotOn):
        campaigns.mark(campaign=made, record=walk, actor=worker)
    assert "等人同意" in client_of(head).get(reverse("desk:today")).content.decode()
    campaigns.decide_campaign(campaign=made, state="agreed", actor=head)
    with pytest.raises(problems.CampaignDecided):
        campaigns.decide_campaign(campaign=made, state="refused", actor=head)
    for _twice in range(2):
        campaigns.mark(campaign=made, record=walk, actor=worker)
    assert CampaignMark.objects.count() == 1
    page = client_of(head).get(reverse("office:campaign", args=[made.pk])).content.decode()
    assert "卫生城市复审" in page and "敲门一组" in page
    campaigns.unmark(campaign=made, record=walk, actor=worker)
    assert not CampaignMark.objects.exists()


def test_who_agreed_to_a_campaign_stays_when_another_ends_it(
    community: Organisation, worker: Staff, head: Staff
) -> None:
    made = ask(community, worker)
    campaigns.decide_campaign(campaign=made, state="agreed", actor=head)
    made.refresh_from_db()
    agreed = (made.decided_by, made.decided_at)
    other = Staff.objects.create_user("h2-r", None, name="副主任", role="head", organisation=community)
    with clock.at(clock.now() + timedelta(hours=1)):
        campaigns.decide_campaign(campaign=made, state="ended", actor=other)
    made.refresh_from_db()
    assert made.state == "ended" and (made.decided_by, made.decided_at) == agreed == (head, agreed[1])
    assert LedgerEntry.objects.filter(code="office.campaign-decided", actor=other).exists()


def test_no_person_carries_a_tag_and_no_title_is_free(community: Organisation, worker: Staff, head: Staff) -> None:
    for model in (Person, Household, Staff):
        with pytest.raises(ValueError, match="carries no campaign"):
            campaigns.may_carry(model, "人", lambda community, keys: [])
    made = ask(community, worker)
    campaigns.decide_campaign(campaign=made, state="agreed", actor=head)
    home = Household.objects.create(community=community, head_name="沈砚秋")
    with pytest.raises(KeyError):
        campaigns.mark(campaign=made, record=home, actor=worker)
    told = {"kind": "register.household", "row": str(home.pk)}
    assert client_of(worker).post(reverse("office:campaign-mark", args=[made.pk]), told).status_code == 404
    with pytest.raises(KeyError):
        campaigns.ask_campaign(
            community=community, purpose="随便写", from_date=clock.today(), to_date=clock.today(), actor=worker
        )


def test_a_round_joins_a_campaign_from_its_own_page(
    community: Organisation, worker: Staff, head: Staff, stranger: Staff, walk: Round
) -> None:
    made = ask(community, worker)
    client_of(head).post(reverse("office:campaign-decide", args=[made.pk]), {"state": "agreed"})
    client = client_of(worker)
    page = client.get(reverse("visits:round", args=[walk.pk])).content.decode()
    assert "归入专项工作" in page and "卫生城市复审" in page
    told = {"kind": "visits.round", "row": str(walk.pk)}
    client.post(reverse("office:campaign-mark", args=[made.pk]), told)
    assert "已归入" in client.get(reverse("visits:round", args=[walk.pk])).content.decode()
    assert client_of(stranger).post(reverse("office:campaign-mark", args=[made.pk]), told).status_code == 404
    client.post(reverse("office:campaign-mark", args=[made.pk]), {**told, "off": "1"})
    assert not CampaignMark.objects.exists()


def picture(width: int = 1200, height: int = 900) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 180, 160)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photo(community: Organisation, settings: Any, tmp_path: Path) -> Photo:
    settings.MEDIA_ROOT = tmp_path
    made = Photo.objects.create(community=community, sha256="0" * 64, received_at=clock.now(), size=1)
    photo_files.store(made.pk, photo_files.redraw(picture()))
    return made


def test_a_copy_is_black_where_it_was_covered_and_the_original_stays(photo: Photo, worker: Staff) -> None:
    before = photo_files.load(photo.pk)
    with pytest.raises(FileNotFoundError):
        photos.open_copy(photo)
    with pytest.raises(problems.NothingCovered):
        photos.redact(photo=photo, cells=[], nothing_to_cover=False, actor=worker)
    photos.redact(photo=photo, cells=[(0, 0), (11, 8)], nothing_to_cover=False, actor=worker)
    with Image.open(io.BytesIO(photos.open_copy(photo))) as opened:
        copy = opened.convert("RGB")
    assert max(copy.getpixel((20, 20))) < 12 and max(copy.getpixel((1180, 880))) < 12  # type: ignore[arg-type,type-var]
    assert min(copy.getpixel((600, 450))) > 140  # type: ignore[arg-type,type-var]
    assert photo_files.load(photo.pk) == before
    assert set(photos.files_of_photos()) == {
        photo_files.file_name(photo.pk),
        photo_files.file_name(photo.pk, photo_files.REDACTED),
    }


def test_a_copy_is_made_and_taken_away_on_the_page(
    photo: Photo, worker: Staff, stranger: Staff, django_capture_on_commit_callbacks: Any
) -> None:
    client, made = client_of(worker), reverse("office:photo-redact", args=[photo.pk])
    assert client.get(reverse("office:photo-copy", args=[photo.pk])).status_code == 404
    client.post(made, {"cell": ["3-4", "4-4"]})
    assert client.get(reverse("office:photo-copy", args=[photo.pk]))["Content-Type"] == "image/jpeg"
    assert client.get(reverse("office:photo-original", args=[photo.pk])).status_code == 200
    assert LedgerEntry.objects.filter(code="office.photo-looked").count() == 1
    assert client.post(made, {"cell": ["99-1"]}).status_code == 404
    assert client_of(stranger).get(reverse("office:photo-original", args=[photo.pk])).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post(made, {"drop": "1"})
    assert client.get(reverse("office:photo-copy", args=[photo.pk])).status_code == 404
    with pytest.raises(FileNotFoundError):
        photo_files.load(photo.pk, photo_files.REDACTED)


def test_a_campaign_of_the_past_is_refused(community: Organisation, worker: Staff) -> None:
    with pytest.raises(problems.WrongDays):
        campaigns.ask_campaign(
            community=community, purpose="flood", from_date=date(2020, 6, 1), to_date=date(2020, 6, 2), actor=worker
        )
