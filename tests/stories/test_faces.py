"""An invented house that says one line is on every face, and no page names it; what may not be read is on none."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.lines import ANSWER_OWED, Holding, Line, Moment, residents, said, timeline
from qiaomen.kernel.sensitivity import Field
from qiaomen.office.models import Device, LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.phone.actions.pack import make_pack
from qiaomen.register.models import Household, Person
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Round, RoundDoor
from tests.stories import family

pytestmark = pytest.mark.django_db
WORDS, ALOUD = "借走的折叠床该还了", "借您的折叠床方便的时候还来"


@pytest.fixture
def home(community: Organisation, worker: Staff) -> Household:
    found = family.move_in(family.build_stairs(community, 1)[0], worker)
    family.keep_all_current(community)
    return found


@pytest.fixture
def walked(home: Household, community: Organisation, worker: Staff) -> Round:
    team = visits.make_team(community=community, name="一组", members=[worker], actor=worker)
    made = Round.objects.create(community=community, team=team, day=clock.today())
    RoundDoor.objects.create(round=made, dwelling=home.dwelling, position=1, arrive_minute=10, reason_code="never-seen")
    return made


TYPING = {"HX-Request": "true"}
"""What the search box sends with every letter; without it the only hit is opened."""


def say(monkeypatch: pytest.MonkeyPatch, home: Household, **about: Any) -> None:
    """Let a house that does not exist say one line of a household."""
    line = Line("beds.lent", ("beds.loan", uuid.uuid4()), WORDS, ANSWER_OWED, household=home.pk, spoken=ALOUD, **about)
    monkeypatch.setitem(said.LINES_OF, "beds", lambda homes, viewer, today: [line] if home in homes else [])
    monkeypatch.setitem(said.LINES_HELD, "beds", lambda community, viewer, today, owner: [line])


def faces(client: Client, walked: Round, home: Household, worker: Staff) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each face that shows what houses say."""
    person = Person.objects.get(household=home, is_head=True)
    device = Device.objects.create(staff=worker, token_sha256=uuid.uuid4().hex, created_at=clock.now())
    yield "household page", client.get(reverse("register:household", args=[home.pk])).content.decode()
    yield "door card on the phone", str(make_pack(device=device, community=home.community)["doors"])
    yield "door card on paper", client.get(reverse("visits:round", args=[walked.pk])).content.decode()
    yield "own page", client.get(reverse("rights:own-page", args=[person.pk])).content.decode()
    yield "search hits", client.get(reverse("desk:search"), {"q": "王建国"}, headers=TYPING).content.decode()


def test_a_house_nobody_knows_is_on_every_face(
    monkeypatch: pytest.MonkeyPatch, walked: Round, home: Household, worker: Staff
) -> None:
    say(monkeypatch, home)
    for face, text in faces(client_of(worker), walked, home, worker):
        assert WORDS in text or ALOUD in text, face


def test_what_may_not_be_read_is_on_no_face_and_leaves_no_line(
    monkeypatch: pytest.MonkeyPatch, walked: Round, home: Household, worker: Staff
) -> None:
    say(monkeypatch, home, fields=(Field("bed", "child"),))
    for face, text in faces(client_of(worker), walked, home, worker):
        assert WORDS not in text and ALOUD not in text, face
    assert [line for line in LedgerEntry.objects.all() if "bed" in line.fields] == []


def test_a_sealed_line_that_is_shown_is_a_look(monkeypatch: pytest.MonkeyPatch, home: Household, worker: Staff) -> None:
    say(monkeypatch, home, fields=(Field("bed", "health"),))
    client = client_of(worker)
    assert WORDS in client.get(reverse("register:household", args=[home.pk])).content.decode()
    look = LedgerEntry.objects.filter(code="office.lines-read").latest("seq")
    assert "bed" in look.fields and str(home.pk) in look.detail["people"]


def test_typing_a_name_is_no_look_at_what_is_sealed(
    monkeypatch: pytest.MonkeyPatch, home: Household, worker: Staff
) -> None:
    say(monkeypatch, home, fields=(Field("bed", "health"),))
    page = client_of(worker).get(reverse("desk:search"), {"q": "王建国"}, headers=TYPING).content.decode()
    assert "王建国" in page and WORDS not in page


def test_what_a_house_holds_and_remembers_is_on_the_own_page_and_in_the_timeline(
    monkeypatch: pytest.MonkeyPatch, home: Household, worker: Staff
) -> None:
    bed = Holding("折叠床", "一张", "住院陪护", "借据")
    monkeypatch.setitem(residents.HELD_OF, "beds", lambda person: [bed])
    moment = Moment(clock.now(), "借走折叠床", household=home.pk)
    monkeypatch.setitem(timeline.TIMELINES, "beds", lambda home, viewer: [moment])
    client = client_of(worker)
    person = Person.objects.get(household=home, is_head=True)
    page = client.get(reverse("rights:own-page", args=[person.pk])).content.decode()
    assert "折叠床" in page and "借据" in page
    assert "借走折叠床" in client.get(reverse("register:household", args=[home.pk])).content.decode()
