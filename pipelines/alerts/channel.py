"""One message to one address, by Apprise; and the addresses, which are secrets.

Belongs here: where an address comes from, sending to it within a time, saying why that failed without saying where to.
Does not: what is sent (digest.py), when and in which order (delivery.py).

Nothing of an address leaves this module: what Apprise and the libraries below it log and raise may hold it, so none of
that is passed on, and the reasons given are words of our own.
"""

from __future__ import annotations

import logging
import os
import re
import stat
from pathlib import Path

from pipelines.errors import UserError
from pipelines.reference.routes import Route

_NOISY = ("apprise", "urllib3")
_STATUS = re.compile(r"\berror=(\d{3})\b")


class ChannelError(UserError):
    """A message could not be sent; the message says why, never where to."""


def address_of(route: Route, secrets: Path) -> str:
    """The address of a route: from the environment, else from the file of secrets (lines of NAME=address).

    Raises ``ChannelError`` where it is set nowhere, or where others than the file's owner may read it there.
    """
    name = route.variable
    if address := os.environ.get(name, "").strip():
        return address
    from dotenv import dotenv_values

    try:
        address = (dotenv_values(secrets, interpolate=False).get(name) or "").strip()
        mode = stat.S_IMODE(secrets.stat().st_mode) if address else 0
    except (OSError, UnicodeDecodeError) as error:
        raise ChannelError(
            f"{secrets}: can't be read ({type(error).__name__}); make it a text file of lines NAME=address"
        ) from None
    if not address:
        raise ChannelError(f"{name} is not set; put the address (an Apprise URL) into the environment or into {secrets}")
    if mode & 0o077:
        raise ChannelError(f"{secrets} holds {name} and may be read by others (mode {mode:o}); run: chmod 600 {secrets}")
    return address


def check(route: Route, secrets: Path) -> str:
    """The service that a route's address names ("mailto"). Raises ``ChannelError`` where the address can't be used."""
    address = address_of(route, secrets)
    _service(route, address)
    return re.split(r"[:.+]", address)[0].lower()


def send(route: Route, secrets: Path, title: str, body: str, seconds: float) -> None:
    """Send one message. Raises ``ChannelError`` where it was not accepted within ``seconds``.

    Where that is too short the service may still have accepted it: it is then sent again, rather once too often than never.
    """
    address = address_of(route, secrets)
    try:
        reason = _tried(route, address, title, body, seconds)
    except ChannelError:
        raise
    except Exception as error:  # of any service's library; its words may hold the address
        reason = f"the program of the service failed ({type(error).__name__})"
    if reason:
        raise ChannelError(f"{reason}; look at {route.variable} and at the service (kpi alerts test --route {route.id})")


def _tried(route: Route, address: str, title: str, body: str, seconds: float) -> str | None:
    """Why a message was not accepted; None where it was."""
    from apprise import AppriseResultStatus, NotifyFormat

    service = _service(route, address)
    for plugin in service:
        plugin.socket_connect_timeout = plugin.socket_read_timeout = seconds  # else four: a slow one would have it twice
    result = service.notify(title=title, body=body, body_format=NotifyFormat.TEXT, timeout=seconds)
    if result:
        return None
    said = " ".join(str(entry) for entry in result.logs())
    if status := _STATUS.search(said):
        return f"the service answered {status[1]}"
    if result.status is AppriseResultStatus.TIMEOUT or "onnection" in said:
        return f"no connection, or no answer within {seconds:g} s"
    return "the service did not accept it"


def _service(route: Route, address: str):  # type: ignore[no-untyped-def]  # Apprise is imported late
    from apprise import Apprise, AppriseAsset, OverflowMode

    _silence()
    service = Apprise(asset=AppriseAsset(app_id="KPI", app_desc="KPI warehouse", secure_logging=True))
    if not service.add(address) or len(service) != 1:
        raise ChannelError(f"{route.variable} is no address that Apprise knows; see https://appriseit.com/services/")
    for plugin in service:
        plugin.overflow_mode = OverflowMode.TRUNCATE  # else a message too long for its service would stop all after it
    return service


def _silence() -> None:
    """Keep what the libraries log (addresses, tokens in paths) from everyone, whatever level is set: from here on for good,
    since a service that was too slow goes on in a thread of its own.
    """
    for name in _NOISY:
        logger = logging.getLogger(name)
        logger.propagate, logger.handlers = False, [logging.NullHandler()]
