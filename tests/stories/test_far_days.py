"""A day at the end of the calendar, or of a typing error, is refused in words or asks for nothing; no page breaks."""

import uuid
from datetime import date

import pytest
from django import forms
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from qiaomen.bulletins import actions as bulletins
from qiaomen.bulletins.models import Bulletin
from qiaomen.criteria.facts import Fact
from qiaomen.kernel import clock
from qiaomen.kernel.cells import parse_date
from qiaomen.kernel.texts import read_day
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Photo, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household, Person

FAR = ["0001-01-01", "1799-12-31", "2200-01-01", "9999-12-31"]


class AnyForm(DeskForm):
    day = forms.DateField()


@pytest.mark.parametrize("day", FAR)
def test_a_far_day_is_no_day_wherever_one_is_read(day: str) -> None:
    form, fact = AnyForm({"day": day}), Fact("ends", "t", "date", "told", "a", "p", "b")
    assert not form.is_valid() and form.errors["day"] == ["这一天太远了，请核对年份。"]
    assert read_day(day) is None and parse_date(day) is None
    with pytest.raises(ValueError):
        fact.write(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["1800-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_are_days(day: str) -> None:
    assert AnyForm({"day": day}).is_valid() and read_day(day) == parse_date(day) == date.fromisoformat(day)


@pytest.mark.parametrize("asked", [f"{name}={day}" for name in ("since", "until") for day in FAR])
def test_the_ledger_asked_for_a_far_day_answers(head: Staff, asked: str) -> None:
    assert client_of(head).get(f"{reverse('office:ledger')}?{asked}").status_code == 200


def test_a_consent_until_a_far_day_is_asked_again(community: Organisation, worker: Staff) -> None:
    home = Household.objects.create(community=community, head_name="沈砚秋")
    person = Person.objects.create(community=community, household=home, name="沈砚秋", birth_date=date(1956, 5, 6))
    told = {"purpose": "refer", "to_whom": "区民政局", "until": "9999-12-31"}
    answer = client_of(worker).post(reverse("register:consents", args=[person.pk]), told)
    assert "请核对年份" in answer.content.decode() and not person.consents.exists()


def test_a_picture_whose_file_is_gone_is_not_there_to_be_covered(community: Organisation, worker: Staff) -> None:
    photo = Photo.objects.create(id=uuid.uuid4(), community=community, sha256="0" * 64, received_at=clock.now(), size=1)
    client: Client = client_of(worker)
    assert client.post(reverse("office:photo-redact", args=[photo.pk]), {"cell": ["1-1"]}).status_code == 404


def test_two_who_begin_one_week_at_once_get_one_bulletin(
    community: Organisation, head: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bulletins.draft_bulletin(community=community, day=clock.today(), actor=head)
    with monkeypatch.context() as unseen:
        unseen.setattr(QuerySet, "first", lambda _self: None)
        assert bulletins.draft_bulletin(community=community, day=clock.today(), actor=head) == first
    assert list(Bulletin.objects.all()) == [first]
