"""Words a house gives to people, by which the search box finds them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Label:
    """A word a house gives to people, by which the search box finds them: the title of a care group.

    `people`: their keys, as a query of the house; `field`: what being found by it tells (kernel/sensitivity.py), None
    no more than an age.
    """

    title: str
    people: Any
    field: Any = None


LabelsOf = Callable[[Any, Any], list[Label]]
_labels: dict[str, LabelsOf] = {}


def register_labels(house: str, labels_of_house: LabelsOf) -> None:
    """Make known by which words a house names people: `(community, viewer)`, only those the viewer may be told."""
    if house in _labels:
        raise ValueError(f"labels of {house} are registered twice")
    _labels[house] = labels_of_house


def labels_of(community: Any, viewer: Any) -> list[Label]:
    """Return the words of all houses."""
    return [label for labels_of_house in _labels.values() for label in labels_of_house(community, viewer)]
