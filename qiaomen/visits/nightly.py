"""What the visits do by themselves each day: what is due after midnight, tomorrow's rounds in the evening."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office import nightly, occasions
from qiaomen.office.models import Organisation
from qiaomen.visits.actions import due, rounds, visits
from qiaomen.visits.actions.weeks import minutes
from qiaomen.visits.models import Round, Team
from qiaomen.visits.problems import NobodyThere, NothingDue, NoTimeLeft


def _communities() -> list[Organisation]:
    return list(Organisation.objects.filter(kind="community").order_by("code"))


@nightly.task("visits.due", _("推算当天该走的户"), hour=nightly.AFTER_MIDNIGHT)
def refresh_due() -> str:
    """Bring every community's due visits in line with the new day, before anybody looks."""
    communities = _communities()
    for community in communities:
        due.keep_current(community)
    return _("更新了 {n} 个社区").format(n=len(communities))


@nightly.task("visits.minutes", _("学一次走访多少分钟"), hour=nightly.AFTER_MIDNIGHT)
def learn_minutes() -> str:
    """Learn how long visits take from what the rounds of a year recorded."""
    communities = _communities()
    medians = sum(minutes.learn_minutes(community) for community in communities)
    return _("学到了 {n} 项").format(n=medians)


@nightly.task("visits.plan", _("安排第二天的敲门"))
def plan_tomorrow() -> str:
    """Deal tomorrow's doors to the teams whose round day it is; a team without anybody there or anything due
    has none.
    """
    tomorrow, made = clock.today() + timedelta(days=1), 0
    for community in _communities():
        off = Round.objects.filter(community=community, day=tomorrow, state="cancelled").values("team")
        teams = [
            team
            for team in Team.objects.filter(community=community).exclude(pk__in=off)
            if tomorrow.weekday() in team.weekdays
        ]
        try:
            dealt = rounds.plan_day(community=community, day=tomorrow, teams=teams, actor=None) if teams else []
        except (NobodyThere, NothingDue, NoTimeLeft):
            continue
        made += len(dealt)
        for walk in dealt:
            rounds.better_round(round=walk, actor=None)
    return _("安排了 {n} 轮").format(n=made)


# A backup knows whether each recording is in it.
occasions.keeps_files(visits.files_of_voices)
