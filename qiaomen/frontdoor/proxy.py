"""Who sent a request, and over what: a proxy that is trusted is believed, everybody else is who the line says."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LONGEST_CHAIN = 20
"""Hops that are looked at, from the right; nobody has so many proxies of their own."""


class Sender(NamedTuple):
    """The address a request is counted against, and the scheme the browser used."""

    address: str
    scheme: str


def read_networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks, comma-separated. Raises ValueError naming the wrong one."""
    words = [word.strip() for word in text.split(",")]
    return tuple(ipaddress.ip_network(word, strict=False) for word in words if word)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an address of a header, with or without brackets and port; None for anything else."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _is_trusted(address: ipaddress.IPv4Address | ipaddress.IPv6Address | None, trusted: Iterable[Network]) -> bool:
    return address is not None and any(address in network for network in trusted)


def find_sender(
    peer: str, scheme: str, forwarded_for: str, forwarded_proto: str, trusted: tuple[Network, ...]
) -> Sender:
    """Return the right-most hop that is no proxy of ours: what stands left of it anybody can have written.

    `forwarded_for` and `forwarded_proto` are the headers as they came ("" for none), several joined by commas. A hop
    that
    is no address ends the walk at the proxy that wrote it.
    """
    here = _address(peer)
    if not _is_trusted(here, trusted):
        return Sender(str(here) if here else peer, scheme)
    told = forwarded_proto.rpartition(",")[2].strip().lower()
    scheme = told if told in {"http", "https"} else scheme
    for word in reversed(forwarded_for.split(",")[-LONGEST_CHAIN:]):
        hop = _address(word)
        if hop is None:
            break
        here = hop
        if not _is_trusted(here, trusted):
            break
    return Sender(str(here), scheme)


def sender_in(headers: Mapping[str, str], peer: str, scheme: str, trusted: tuple[Network, ...]) -> Sender:
    """Return who sent a request with these headers, named as CGI names them without HTTP_: both doors ask it."""
    return find_sender(peer, scheme, headers.get("X_FORWARDED_FOR", ""), headers.get("X_FORWARDED_PROTO", ""), trusted)
