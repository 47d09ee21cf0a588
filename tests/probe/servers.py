"""Servers on loopback that behave in one way each, well or badly."""

import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread

Handler = Callable[[socket.socket, Event], None]
"""Serves one connection; the event is set when the test is over."""
Responder = Callable[[bytes], Sequence[bytes]]
"""What a nameserver says to one query, in how many datagrams."""

A, AAAA, CNAME = 1, 28, 5


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


@contextmanager
def tcp(handler: Handler, address: str = "127.0.0.1") -> Iterator[int]:
    """Serve every connection in a thread of its own; yields the port."""
    over = Event()
    threads: list[Thread] = []
    with socket.socket(_family(address)) as listener:
        listener.bind((address, 0))
        listener.listen(4096)
        acceptor = Thread(target=_accept, args=(listener, handler, over, threads))
        acceptor.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for thread in threads:
                thread.join()


def _accept(listener: socket.socket, handler: Handler, over: Event, threads: list[Thread]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threads.append(Thread(target=_serve, args=(connection, handler, over)))
            threads[-1].start()


def _serve(connection: socket.socket, handler: Handler, over: Event) -> None:
    with connection, suppress(OSError):
        handler(connection, over)


def idle(connection: socket.socket, over: Event) -> None:
    """Accept and say nothing."""
    del connection
    over.wait()


def reset(connection: socket.socket) -> None:
    """Close with a reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def closed_port(address: str = "127.0.0.1") -> Iterator[int]:
    """Yield a port that refuses: it is bound, so that nobody else takes it, and does not listen."""
    with socket.socket(_family(address)) as bound:
        bound.bind((address, 0))
        yield bound.getsockname()[1]


@contextmanager
def full_port() -> Iterator[tuple[int, Callable[[], object]]]:
    """Yield a port whose queue is full, so that the kernel drops every SYN, and what makes room in it."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        stack.enter_context(socket.create_connection(listener.getsockname()))
        yield listener.getsockname()[1], lambda: stack.enter_context(listener.accept()[0])


@contextmanager
def dns(*responders: Responder, first: str = "127.0.0.1") -> Iterator[int]:
    """Serve each responder on one of 127.0.0.1, 127.0.0.2 ... at the same port, which it yields."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in responders]
        sockets[0].bind((first, 0))
        port: int = sockets[0].getsockname()[1]
        for number, each in enumerate(sockets[1:], start=2):
            each.bind((f"127.0.0.{number}", port))
        threads = [Thread(target=_respond, args=pair) for pair in zip(sockets, responders, strict=True)]
        for thread in threads:
            thread.start()
        try:
            yield port
        finally:
            for each, thread in zip(sockets, threads, strict=True):
                each.sendto(b"", each.getsockname())
                thread.join()


def _respond(server: socket.socket, responder: Responder) -> None:
    while True:
        query, sender = server.recvfrom(4096)
        if not query:
            return
        with suppress(OSError):
            for datagram in responder(query):
                server.sendto(datagram, sender)


def asked_type(query: bytes) -> int:
    """Return the record type that a query asks for."""
    return int.from_bytes(query[-4:-2], "big")


def asked_name(query: bytes) -> str:
    """Return the name that a query asks for."""
    labels, at = [], 12
    while size := query[at]:
        labels.append(query[at + 1 : at + 1 + size].decode())
        at += 1 + size
    return ".".join(labels)


def record(kind: int, data: bytes, owner: bytes = b"\xc0\x0c") -> bytes:
    """Return an answer record, by default owned by the name that was asked for."""
    return owner + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def address_record(address: str) -> bytes:
    """Return an A or AAAA record."""
    family = _family(address)
    return record(AAAA if family == socket.AF_INET6 else A, socket.inet_pton(family, address))


def reply(query: bytes, *records: bytes, code: int = 0, flags: int = 0x8180, count: int | None = None) -> bytes:
    """Return a reply to a query; `count` lies about the number of records."""
    claimed = len(records) if count is None else count
    return query[:2] + struct.pack(">HHHHH", flags | code, 1, claimed, 0, 0) + query[12:] + b"".join(records)


def answering(*addresses: str) -> Responder:
    """Return a nameserver that knows every name, by these addresses."""

    def respond(query: bytes) -> list[bytes]:
        family = ":" if asked_type(query) == AAAA else "."
        return [reply(query, *(address_record(address) for address in addresses if family in address))]

    return respond
