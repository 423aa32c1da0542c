"""A community's roster and its offices' own lists come in through the product's import, as the head would do it."""

import time
from datetime import date

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from simtown.world.lists import write_lists
from simtown.world.people import PLANS, make_households
from simtown.world.roster import write_roster


def home_of(letter: str) -> tuple[Organisation, Staff]:
    """Return a community of the county and its head."""
    community = Organisation.objects.get(code=PLANS[letter].code)
    return community, Staff.objects.get(organisation=community, role="head")


def read_roster(letter: str, seed: int, today: date) -> str:
    """Upload the messy roster and look at it; returns the batch's key. Nothing is written to the register yet."""
    plan, (community, head) = PLANS[letter], home_of(letter)
    content = write_roster(plan, make_households(plan, seed, today))
    batch = batches.upload_roster(community=community, actor=head, file_name=f"{plan.name}花名册.xlsx", content=content)
    return str(batch.pk)


def take_in(letter: str, key: str) -> None:
    """Write what was read of a roster, whole or not at all."""
    began, (_community, head) = time.perf_counter(), home_of(letter)
    batch = batches.commit_roster(batch=ImportBatch.objects.get(pk=key), actor=head)
    print(
        f"· {PLANS[letter].name}：读到 {batch.rows_read} 行 = 新增 {batch.created} + 变更 {batch.changed}"
        f" + 相同 {batch.same} + 有问题 {batch.rejected}（{time.perf_counter() - began:.1f} 秒）",
        flush=True,
    )


def take_lists_in(letter: str, seed: int, today: date) -> None:
    """Import the offices' own lists of a community, each through the same door."""
    plan, (community, head) = PLANS[letter], home_of(letter)
    people, told, began = make_households(plan, seed, today), [], time.perf_counter()
    for name, content in write_lists(plan, people, seed, today).items():
        batch = batches.upload_roster(community=community, actor=head, file_name=name, content=content)
        batch = batches.commit_roster(batch=batch, actor=head)
        told.append(f"{name.removesuffix('.xlsx').removeprefix(plan.name)} {batch.created + batch.changed} 行")
    print(f"· {plan.name}：{'，'.join(told)}（{time.perf_counter() - began:.1f} 秒）", flush=True)


def bring_roster(letter: str, seed: int, today: date | None = None) -> None:
    """Bring a community's roster in at once: for stories that begin with people and nothing else."""
    take_in(letter, read_roster(letter, seed, today or clock.today()))
