"""Connections: to public addresses only, and not for longer than a request may take.

Belongs here: what a name may resolve to, and the time left. Does not: HTTP (fetch.py).

A page may name or redirect to anything, this machine's own services too. So the addresses a name resolves to are checked,
and the very ones that were checked are connected to: a name that says something else a moment later gains nothing by it.
"""

from __future__ import annotations

import ipaddress
import math
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """The name leads to this machine or its network; the message says where to."""


class Network(httpcore.SyncBackend):
    """Makes the connections of HTTP: to any address where ``private`` is so, else to public ones.

    ``ends`` is when, by ``time.monotonic``, the request under way must be over.
    """

    def __init__(self, private: bool) -> None:
        self.private = private
        self.ends = math.inf

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers. Raises ``AddressRefused`` and what httpcore raises."""
        error: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                return _Stream(super().connect_tcp(address, port, self.left(timeout), local_address, socket_options), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error

    def left(self, timeout: float | None) -> float:
        """How long the next step may take. Raises ``httpcore.ReadTimeout`` where no time is left."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("no time is left")
        return left if timeout is None else min(timeout, left)

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            if not self.private and not is_public(address):
                raise AddressRefused(f"{host} is {address}, which is no public address")
        return addresses


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends when the request must be over: a server that drips can't hold it for ever."""

    def __init__(self, stream: httpcore.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._network.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._network.left(timeout)), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public network; an IPv4 address inside an IPv6 one is what counts."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        ip = within or ip
    return ip.is_global and not ip.is_multicast
