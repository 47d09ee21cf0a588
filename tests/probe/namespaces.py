"""Two network namespaces of our own with a wire between them: `near`, where the probe runs, and `far`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

FAR4, FAR6 = "10.99.0.2", "fd99::2"

_LAYOUT = """
ip link add near0 netns {near} type veth peer name far0 netns {far}
{in_near} ip link set lo up
{in_near} ip addr add 10.99.0.1/24 dev near0
{in_near} ip addr add fd99::1/64 dev near0 nodad
{in_near} ip link set near0 up
{in_far} ip link set lo up
{in_far} ip addr add 10.99.0.2/24 dev far0
{in_far} ip addr add fd99::2/64 dev far0 nodad
{in_far} ip link set far0 up
"""

LISTEN = """
import socket, sys
listener = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True)
print("ready", flush=True)
sys.stdin.read()
"""

_CONNECT = """
import socket, sys
socket.create_connection((sys.argv[1], 80), timeout=20)  # IPv6 takes a moment after its link came up
print("ready", flush=True)
"""


@dataclass(frozen=True)
class Namespace:
    """A network namespace by name."""

    name: str

    @property
    def enter(self) -> tuple[str, ...]:
        """Return the command that runs another one in here."""
        return "nsenter", f"--net=/run/netns/{self.name}"

    def sh(self, script: str) -> None:
        """Run a shell script in here."""
        subprocess.run([*self.enter, "sh", "-ec", script], check=True)

    @contextmanager
    def python(self, program: str, *arguments: str) -> Iterator[None]:
        """Run a Python program in here until the block ends; it says `ready` and ends with its stdin."""
        command = [*self.enter, sys.executable, "-c", program, *arguments]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield
            process.stdin.close()


@dataclass(frozen=True)
class Wire:
    """Both ends."""

    near: Namespace
    far: Namespace


@contextmanager
def _namespace(name: str) -> Iterator[Namespace]:
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        yield Namespace(name)
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True)


@contextmanager
def wire() -> Iterator[Wire]:
    """Make both namespaces; port 80 of the far one is open."""
    with ExitStack() as stack:
        near, far = (stack.enter_context(_namespace(f"grade-{os.getpid()}-{end}")) for end in ("near", "far"))
        layout = _LAYOUT.format(near=near.name, far=far.name, in_near=" ".join(near.enter), in_far=" ".join(far.enter))
        subprocess.run(["sh", "-ec", layout], check=True)
        stack.enter_context(far.python(LISTEN, "80"))
        with near.python(_CONNECT, FAR6):
            pass
        yield Wire(near, far)


PEERS = r"""
import fcntl, os, select, struct, subprocess, sys, time

def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF

def syn_ack(packet):
    source, target = packet[12:16], packet[16:20]
    ports = packet[20:24]
    sequence = int.from_bytes(packet[24:28], "big")
    tcp = ports[2:] + ports[:2] + struct.pack(">IIBBHHH", 1, sequence + 1 & 0xFFFFFFFF, 0x50, 0x12, 4096, 0, 0)
    tcp = tcp[:16] + struct.pack(">H", checksum(target + source + struct.pack(">HH", 6, 20) + tcp)) + tcp[18:]
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, 0, 0, 64, 6, 0) + target + source
    return ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:] + tcp

def echo_reply(packet, spoil):
    payload = b"\xff" * len(packet[28:]) if spoil else packet[28:]
    icmp = b"\0\0\0\0" + packet[24:28] + payload
    icmp = icmp[:2] + struct.pack(">H", checksum(icmp)) + icmp[4:]
    ip = packet[:10] + b"\0\0" + packet[16:20] + packet[12:16]
    return ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:] + icmp

tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", b"slow0", 0x1001))
subprocess.run(["ip", "addr", "add", "10.98.0.254/24", "dev", "slow0"], check=True)
subprocess.run(["ip", "link", "set", "slow0", "up"], check=True)
print("ready", flush=True)
delays = {int(host): int(ms) / 1000 for host, ms in (pair.split(":") for pair in sys.argv[1:])}
waiting, answered = [], set()
while True:
    due = min((at for at, _ in waiting), default=None)
    ready, _, _ = select.select([tun, sys.stdin], [], [], None if due is None else max(0, due - time.monotonic()))
    if sys.stdin in ready:
        break
    now = time.monotonic()
    for _, packet in [each for each in waiting if each[0] <= now]:
        os.write(tun, syn_ack(packet))
    waiting = [each for each in waiting if each[0] > now]
    if tun in ready:
        packet = os.read(tun, 2048)
        host = packet[19]
        if packet[0] == 0x45 and packet[9] == 1 and packet[20] == 8:
            os.write(tun, echo_reply(packet, spoil=host % 2))
        is_syn = packet[0] == 0x45 and packet[9] == 6 and packet[33] & 0x12 == 2
        if is_syn and host in delays and host not in answered:
            answered.add(host)  # only the first SYN of each host: later ones are lost
            waiting.append((now + delays[host], packet))
"""
"""Peers at 10.98.0.X behind a tun device, each of which answers its first SYN after so many milliseconds.

They answer echoes at once, those with an odd X with a payload that is not what was sent.
"""
