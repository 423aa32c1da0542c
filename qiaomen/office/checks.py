"""What `check --deploy` refuses before an office trusts a site with residents' data."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from qiaomen.kernel import clock


@register(Tags.security, deploy=True)
def refuse_a_set_clock(**_options: Any) -> Sequence[CheckMessage]:
    """A clock set by QM_CLOCK would date visits and ledger lines wrongly: for tests and demos only."""
    if not clock.seconds_ahead() or settings.DEMO:
        return []
    hint = "取消环境变量 QM_CLOCK；它只给测试和演示用。"
    return [Error("网站的时钟被 QM_CLOCK 拨动了，走访和台账的日期会不对。", hint=hint, id="qiaomen.E001")]
