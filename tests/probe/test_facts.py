"""What the probe reports of its sandbox, from files that anybody may have written."""

import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.models.probe import HostsEntry, Interface, Listener
from tests.probe import servers
from tests.probe.asking import Probe

AT_LENGTH = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def hosts(probe: Probe, content: bytes) -> tuple[HostsEntry, ...]:
    return probe.sandbox(f"hosts={probe.file('hosts', content)}").hosts


def entry(address: str, *names: str) -> HostsEntry:
    return HostsEntry(address=address, names=names)


def test_the_loopback_interface_is_there(probe: Probe) -> None:
    assert Interface(name="lo", address="127.0.0.1", prefix=8) in probe.sandbox().interfaces


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0", "::"])  # noqa: S104  # on loopback for a moment
def test_listeners_of_both_families_are_seen(probe: Probe, address: str) -> None:
    with servers.tcp(servers.idle, address) as port:
        assert Listener(address=address, port=port) in probe.sandbox().listeners


def test_a_connection_is_no_listener(probe: Probe) -> None:
    with servers.tcp(servers.idle) as port, socket.create_connection(("127.0.0.1", port)) as connection:
        ports = {listener.port for listener in probe.sandbox().listeners}
        assert port in ports
        assert connection.getsockname()[1] not in ports


def test_hosts_lines_keep_their_order(sanitized: Probe) -> None:
    content = b"127.0.0.1\tlocalhost lo # home\n\n# 10.0.0.1 ghost\n::1 localhost\n10.0.0.2 db\r\n  10.0.0.3   a\tb\n"
    expected = (
        entry("127.0.0.1", "localhost", "lo"),
        entry("::1", "localhost"),
        entry("10.0.0.2", "db"),
        entry("10.0.0.3", "a", "b"),
    )
    assert hosts(sanitized, content) == expected


@pytest.mark.parametrize(
    "line", [b"10.0.0.2", b"name 10.0.0.2", b"10.0.0 name", b"10.0.0.2 # name", b"\0" * 40, b" \t\r"]
)
def test_what_is_no_hosts_line_is_left_out(sanitized: Probe, line: bytes) -> None:
    assert hosts(sanitized, line + b"\n10.0.0.9 good\n") == (entry("10.0.0.9", "good"),)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"100%25", "100%25"),
        ("münchen".encode(), "münchen"),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"\x1b[31mred", "\\x1b[31mred"),
        (b"a\0b", "a\\x00b"),
        ("\u202eevil".encode(), "\\u202eevil"),
        (b"end\x852", "end\\x852"),
    ],
)
def test_odd_names_are_spelled(sanitized: Probe, name: bytes, shown: str) -> None:
    assert hosts(sanitized, b"10.0.0.2 " + name + b"\n") == (entry("10.0.0.2", shown),)


def test_a_name_cannot_forge_a_line(sanitized: Probe) -> None:
    content = b"10.0.0.2 x%0Alistener%20127.0.0.1%2080 end%200\n10.0.0.3 y\x0clistener 0.0.0.0 80\n"
    sandbox = sanitized.sandbox(f"hosts={sanitized.file('hosts', content)}")
    assert sandbox.listeners == sanitized.sandbox().listeners


def test_a_huge_hosts_file_is_read_in_part_and_no_name_is_cut(sanitized: Probe) -> None:
    lines = [b"10.0.0.2 " + b"n" * 200 + b"%d\n" % number for number in range(1000)]
    seen = hosts(sanitized, b"".join(lines))
    assert 0 < len(seen) < 1000
    assert [each.names[0] for each in seen] == [line.split()[1].decode() for line in lines[: len(seen)]]


def test_a_file_of_one_endless_line_says_nothing(sanitized: Probe) -> None:
    assert hosts(sanitized, b"10.0.0.2 " + b"n" * 200_000) == ()


def test_a_name_too_long_to_be_one_is_left_out(sanitized: Probe) -> None:
    assert hosts(sanitized, b"10.0.0.2 " + b"n" * 300 + b" db\n") == (entry("10.0.0.2", "db"),)


def test_no_files_are_empty_files(sanitized: Probe, tmp_path: Path) -> None:
    sandbox = sanitized.sandbox(f"hosts={tmp_path / 'none'}", f"resolv={tmp_path / 'none'}")
    assert (sandbox.hosts, sandbox.nameservers, sandbox.search) == ((), (), ())


def test_a_file_that_cannot_be_read_makes_the_source_unobserved(sanitized: Probe, tmp_path: Path) -> None:
    seen = sanitized.observe((), f"hosts={tmp_path}")
    assert seen.sandbox is None
    assert "the hosts of the sandbox could not be read" in str(seen.fault)


def test_the_resolver_is_described(sanitized: Probe) -> None:
    content = (
        b"# made by docker\nnameserver 127.0.0.11\nnameserver fe80::1%lo\nnameserver nonsense\nsearch old.example\n"
        b"options ndots:0\nnameserver ::1 trailing\nsearch lab.example  \xff\n;search no.example\n"
    )
    sandbox = sanitized.sandbox(f"resolv={sanitized.file('resolv', content)}")
    assert sandbox.nameservers == ("127.0.0.11", "fe80::1%lo", "::1")
    assert sandbox.search == ("lab.example", "\\xff")


def test_a_domain_is_a_search_of_one(sanitized: Probe) -> None:
    assert sanitized.sandbox(f"resolv={sanitized.file('resolv', b'domain lab.example')}").search == ("lab.example",)


@AT_LENGTH
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(
            st.sampled_from(
                [b"10.0.0.2", b"::1", b"nameserver", b"search", b" ", b"\t", b"\n", b"\0", b"#", b"%", b"x", b"\xff"]
            ),
            max_size=60,
        ).map(b"".join),
    )
)
def test_no_file_breaks_the_output(sanitized: Probe, content: bytes) -> None:
    path = sanitized.file("hostile", content)
    assert sanitized.observe((), f"hosts={path}", f"resolv={path}").fault is None
