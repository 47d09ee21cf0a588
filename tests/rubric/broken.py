"""Broken rubrics, each with what is said of it; `§` marks where."""

from dataclasses import dataclass

from grader.checks import kinds

_HEAD = """version: 1
title: T
roles:
  nginx: {image: nginx, listens: 80}
  mongo: {image: mongo}
checks:
"""
_FINE = "  - {id: a, kind: network, network: n, points: 5}\n"


@dataclass(frozen=True)
class Broken:
    """A text with marks, and the messages in the order of the marks."""

    marked: str
    said: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text without its marks."""
        return self.marked.replace("§", "")

    @property
    def message(self) -> str:
        """The whole message that the loader should give for `r.yaml`."""
        pieces = self.marked.split("§")[:-1]
        before = ["".join(pieces[: index + 1]) for index in range(len(pieces))]
        places = [(text.count("\n") + 1, len(text) - text.rfind("\n")) for text in before]
        told = zip(places, self.said, strict=True)
        return "\n".join(f"r.yaml:{line}:{column}: {text}" for (line, column), text in told)


def _whole(marked: str, *said: str) -> Broken:
    return Broken(marked, said)


def _checks(marked: str, *said: str) -> Broken:
    return Broken(f"{_HEAD}{marked}", said)


_KINDS = ", ".join(kinds())
_KEYS = "version, title, teaches, lesson, pass_mark, requires, hosts, equivalents, roles, checks"
_NAMES = "only small letters, digits and hyphens will do, the first one no hyphen"
_MISSING = "a value is missing here: give one, or leave the key out"

SYNTAX = {
    "a tab": _whole("version: 1\nroles:\n§\tnginx: {}\n", "this line is indented with a tab: YAML wants spaces"),
    "a tab behind blanks": _whole(
        "version: 1\nchecks:\n  - id: x\n  §\t  kind: y\n",
        "this line is indented with a tab: YAML wants spaces",
    ),
    "an open quote": _whole('version: 1\ntitle: §"abc\nx: 1\n', "the quote that opens here is never closed"),
    "an open bracket": _whole("a: 1\nb: §[c, d\n\n", "the bracket that opens here is never closed"),
    "an open brace": _whole("a: 1\nb: §{c: d", "the bracket that opens here is never closed"),
    "no comma in brackets": _whole("a: [b, 'c' §'d']\n", "a comma or `]` is missing here, for the `[` on line 1"),
    "no comma in braces": _whole("a: {b: 'c'\n  §d: 1}\n", "a comma or `}` is missing here, for the `{` on line 1"),
    "a colon in a text": _whole(
        "title: The page works§: nginx answers\n",
        "a `: ` does not fit here: quote a text with one, mind the indentation",
    ),
    "no colon": _whole("version: 1\n§title\nroles: {}\n", "this key has no `: ` after it"),
    "an at sign": _whole("title: §@x\n", "a text cannot begin with this character: quote it"),
    "a backtick": _whole("title: §`docker ps`\n", "a text cannot begin with this character: quote it"),
    "an alias of nothing": _whole("title: §*bold\n", "this is an alias of no anchor: quote a text that begins with *"),
    "a bad escape": _whole(
        r'title: "a§\d"' + "\n", "a backslash means something within double quotes: use single quotes"
    ),
    "two documents": _whole("a: 1\n§---\nb: 1\n", "a rubric is one YAML document: remove the second one"),
    "an item out of line": _whole(
        "checks:\n  - id: a\n   §kind: b\n",
        "this line does not fit under those above it: mind the indentation",
    ),
    "a key out of line": _whole(
        "roles:\n    a: {}\n  §b: {}\n", "this line does not fit under those above it: mind the indentation"
    ),
    "a list behind its key": _whole("checks: §- a\n", "a list cannot begin here: begin it on the next line"),
    "a control character": _whole("title: a§\x07b\n", "the character U+0007 may not stand in YAML: remove it"),
    "a lone surrogate": _whole("title: §\ud800\n", "the character U+D800 may not stand in YAML: remove it"),
}

SHAPE = {
    "nothing": _whole("§", "the file is empty: a rubric begins with `version: 1`"),
    "a comment only": _whole("§# later\n", "the file is empty: a rubric begins with `version: 1`"),
    "a list": _whole("§- a\n- b\n", f"a rubric is a mapping with the keys {_KEYS}, not a list"),
    "a text": _whole("§hello", f"a rubric is a mapping with the keys {_KEYS}, not `hello`"),
    "no key at all": _whole(
        "§§§{}\n",
        "a rubric lacks the key `checks` (what is judged, line by line)",
        "a rubric lacks the key `title` (the title of the report)",
        "a rubric lacks the key `version` (the version of the rubric language)",
    ),
    "a teaching of two lines": _whole(
        f"version: 1\ntitle: T\nteaches: §'two\n\n  lines'\nlesson: §0\nchecks:\n{_FINE}",
        "`teaches` cannot be the text `two lines`: it is one line, and begins with a word",
        "`lesson` has to be at least 1, not `0`",
    ),
    "wrong types at the top": _whole(
        "version: §2\ntitle: §12\npass_mark: §'80'\nroles: §[]\nchecks: §{}\n",
        "`version` has to be 1, not `2`",
        '`title` has to be text, not `12`, which YAML reads as a number: quote it, "12"',
        "`pass_mark` has to be a number, not the text `80`: remove the quotes",
        "`roles` has to be a mapping of keys and values, not a list",
        "`checks` has to be a list, not a mapping: begin each item with `- `",
    ),
    "out of range at the top": _whole(
        "version: 1\ntitle: §''\npass_mark: §101\nchecks: §[]\n",
        "`title` must not be empty",
        "`pass_mark` has to be at most 100, not `101`",
        "`checks` must not be empty",
    ),
    "unknown keys at the top": _whole(
        f"version: 1\ntitle: T\n§chekcs: 1\n§foo: 2\nchecks:\n{_FINE}",
        "a rubric has no key `chekcs`: did you mean `checks`?",
        f"a rubric has no key `foo`: its keys are {_KEYS}",
    ),
    "wrong roles": _whole(
        f"version: 1\ntitle: T\nroles: {{§A_b: {{}}, c: §5, d: {{§imag: x, listens: §70000}}}}\nchecks:\n{_FINE}",
        f"`A_b` is no name: {_NAMES}",
        "`c` has to be a mapping of keys and values, not `5`",
        "the role `d` has no key `imag`: did you mean `image`?",
        "`listens` has to be at most 65535, not `70000`",
    ),
    "wrong types in checks": _checks(
        "  - {id: a, kind: network, network: §[n], points: §five}\n"
        "  - {id: b, kind: reaches, from: nginx, to: mongo, port: §'80'}\n"
        "  - {id: c, kind: attached, role: nginx, to: §front, partial: §maybe}\n"
        "  - §x\n"
        "  - {id: d, kind: http, role: nginx, status: [200, §ok], port: §80.5}\n",
        "`network` has to be text, not a list",
        "`points` has to be a number, not `five`",
        "`port` has to be a whole number, not the text `80`: remove the quotes",
        "`to` has to be a list, not `front`: write [front]",
        "`partial` has to be true or false, not `maybe`",
        "an item of `checks` has to be a mapping of keys and values, not `x`",
        "an item of `status` has to be a whole number, not `ok`",
        "`port` has to be a whole number, not `80.5`",
    ),
    "wrong values in checks": _checks(
        "  - {id: §A_b, kind: publishes, role: nginx, port: §0, protocol: §tcpp, address: §attic}\n"
        "  - {id: b, kind: http, role: nginx, path: §x}\n"
        "  - {id: c, kind: resolves, from: nginx, to: mongo, name: §''}\n"
        "  - {id: d, kind: attached, role: nginx, to: §[]}\n",
        f"`id` cannot be `A_b`: {_NAMES}",
        "`port` has to be at least 1, not `0`",
        "`protocol` cannot be `tcpp`: did you mean `tcp`?",
        "`address` cannot be `attic`: it is one of any, all, loopback, nowhere",
        "`path` cannot be `x`: it has to begin with / and to hold no spaces",
        "`name` must not be empty",
        "`to` must not be empty",
    ),
    "a wrong role that a check names": _whole(
        "version: 1\ntitle: T\nroles: {web: {§IMAGE: x}}\nchecks:\n- {id: a, kind: container, role: web, points: 1}\n",
        "the role `web` has no key `IMAGE`: did you mean `image`?",
    ),
    "hints that are none": _checks(
        "  - {id: a, kind: network, network: x, hints: [§5, §{}, {driver: §[]}, {driver: [x, §7]}, {driver: §8}]}\n"
        "  - {id: b, kind: network, network: y, hints: §x}\n",
        'an item of `hints` has to be text, not `5`, which YAML reads as a number: quote it, "5"',
        "an item of `hints` must not be empty",
        "`driver` must not be empty",
        'an item of `driver` has to be text, not `7`, which YAML reads as a number: quote it, "7"',
        '`driver` has to be text, not `8`, which YAML reads as a number: quote it, "8"',
        "`hints` has to be a list, not `x`: write [x]",
    ),
    "missing keys": _checks(
        "  - §§kind: network\n  - §{id: x}\n",
        "a check of the kind `network` lacks the key `id` (names the check in reports and on the command line)",
        "a check of the kind `network` lacks the key `network` (its name)",
        f"this check lacks the key `kind`: the kinds are {_KINDS}",
    ),
    "unknown keys in a check": _checks(
        "  - id: a\n    kind: attached\n    §rolee: nginx\n    role: nginx\n    to: [x]\n    §sauce: x\n",
        "a check of the kind `attached` has no key `rolee`: did you mean `role`?",
        "a check of the kind `attached` has no key `sauce`: its keys are "
        "kind, id, title, points, brief, hints, needs, void, reason, partial, role, to, without",
    ),
    "unknown kinds": _checks(
        "  - {id: a, kind: §netwrok, network: x}\n  - {id: b, kind: §frobnicate}\n  - {id: c, kind: §[a]}\n",
        "there is no kind `netwrok`: did you mean `network`?",
        f"there is no kind `frobnicate`: the kinds are {_KINDS}",
        "`kind` has to be text, not a list",
    ),
    "points": _checks(
        "  - {id: a, kind: network, network: a, points: §-3}\n"
        "  - {id: b, kind: network, network: b, points: §1.005}\n"
        "  - {id: c, kind: network, network: c, points: §.nan}\n"
        "  - {id: d, kind: network, network: d, points: §.inf}\n"
        "  - {id: e, kind: network, network: e, points: §1.0e+999}\n"
        "  - {id: f, kind: network, network: f, points: §5000}\n"
        "  - {id: g, kind: network, network: g, points: §true}\n",
        "`points` has to be at least 0, not `-3`",
        "`points` may have 2 decimals at most, not `1.005`",
        "`.nan` is no finite number",
        "`.inf` is no finite number",
        "`1.0e+999` is no finite number",
        "`points` has to be at most 1000, not `5000`",
        "`points` has to be a number, not `true`",
    ),
}

SURPRISES = {
    "duplicate keys": _whole(
        "version: 1\ntitle: T\n§title: U\nroles: {nginx: {image: a, §image: b}}\n"
        "checks:\n  - id: a\n    kind: network\n    §id: b\n    network: x\n    points: 5\n",
        "the key `title` stands here a second time: the first is on line 2",
        "the key `image` stands here a second time: the first is on line 4",
        "the key `id` stands here a second time: the first is on line 6",
    ),
    "duplicate keys of which the first is wrong": _whole(
        "version: 1\ntitle: T\nroles: {a: {§imag: x}, §a: {}}\n"
        "checks:\n- {id: p, kind: publishes, role: a, port: §0, §port: 80, points: 1}\n",
        "the role `a` has no key `imag`: did you mean `image`?",
        "the key `a` stands here a second time: the first is on line 3",
        "`port` has to be at least 1, not `0`",
        "the key `port` stands here a second time: the first is on line 5",
    ),
    "booleans": _checks(
        "  - {id: §no, kind: network, network: §off, driver: §yes, points: 5, brief: §on}\n"
        "  - {id: b, kind: attached, role: §no, to: [§no]}\n",
        '`id` has to be text, not `no`, which YAML reads as false: quote it, "no"',
        '`network` has to be text, not `off`, which YAML reads as false: quote it, "off"',
        '`driver` has to be text, not `yes`, which YAML reads as true: quote it, "yes"',
        '`brief` has to be text, not `on`, which YAML reads as true: quote it, "on"',
        '`role` has to be text, not `no`, which YAML reads as false: quote it, "no"',
        'an item of `to` has to be text, not `no`, which YAML reads as false: quote it, "no"',
    ),
    "keys that are no text": _whole(
        f"version: 1\ntitle: T\nroles: {{§no: {{}}, §5: {{}}}}\nchecks:\n{_FINE}",
        "a key has to be text, and YAML does not read `no` as text: quote it",
        "a key has to be text, and YAML does not read `5` as text: quote it",
    ),
    "odd numbers": _checks(
        "  - {id: a, kind: publishes, role: nginx, port: §22:22, host_port: §0777, points: §1_0}\n"
        "  - {id: b, kind: http, role: nginx, port: §0x50, points: §1:30.5, path: §22:80}\n",
        "YAML reads `22:22` as the number 1342: quote it, or write plain digits",
        "YAML reads `0777` as the number 511: quote it, or write plain digits",
        "YAML reads `1_0` as the number 10: quote it, or write plain digits",
        "YAML reads `0x50` as the number 80: quote it, or write plain digits",
        "YAML reads `1:30.5` as the number 90.5: quote it, or write plain digits",
        "`path` cannot be `22:80`: it has to begin with / and to hold no spaces",
    ),
    "no value": _checks(
        "  - id: a\n    kind: network\n    network: x\n    driver: §~\n    points: §null\n",
        _MISSING,
        _MISSING,
    ),
    "a merge key": _whole(
        f"version: 1\ntitle: T\nroles: {{a: &a {{image: x}}, b: {{§<<: *a}}}}\nchecks:\n{_FINE}",
        "a rubric knows no merge keys: write the keys out",
    ),
    "tags": _whole(
        f"version: §!!int abc\ntitle: §!!python/object:os.system x\npass_mark: §!mark 5\n"
        f"roles: §!parts {{}}\nchecks:\n{_FINE}",
        "`abc` is no number",
        "the tag `!!python/object:os.system` means nothing in a rubric: remove it, or quote a text",
        "the tag `!mark` means nothing in a rubric: remove it, or quote a text",
        "the tag `!parts` means nothing in a rubric: remove it, or quote a text",
    ),
    "an alias of itself": _whole("version: §&a [*a]\n", "an alias in here leads back to where it stands"),
    "open brackets": _whole("[" * 32 + "§" + "[" * 100_000, "this is nested more than 32 levels deep"),
    "many values": _whole("[" + "1," * 99_999 + "§1]", "there are more than 100,000 values"),
    "large": _whole("§" + "#" * 1_000_001, "the file is larger than 1 MB: is it a rubric?"),
}

SENSE = {
    "a repeated id": _checks(
        _FINE + "  - {id: §a, kind: network, network: m}\n  - {id: §a, kind: network, network: o}\n",
        "the id `a` is taken by the check on line 7",
        "the id `a` is taken by the check on line 7",
    ),
    "unknown roles": _checks(
        "  - {id: a, kind: resolves, name: ngnix, from: §ngnix, to: §flask, points: 1}\n",
        "there is no role `ngnix`: did you mean `nginx`?",
        "there is no role `flask`: the roles are nginx, mongo",
    ),
    "an unknown role within a list": _checks(
        "  - {id: a, kind: http, role: nginx, points: 1, through: [{role: mongo, port: 1}, {role: §flask, port: 2}]}\n",
        "there is no role `flask`: the roles are nginx, mongo",
    ),
    "no roles at all": _whole(
        "version: 1\ntitle: T\nchecks:\n- {id: a, kind: image, role: §x, image: x, points: 1}\n",
        "there is no role `x`: declare it under `roles:`",
    ),
    "needs": _checks(
        _FINE + "  - {id: b, kind: network, network: b, needs: [§b, §aa, §zzz]}\n",
        "`b` cannot need itself",
        "there is no check `aa`: did you mean `a`?",
        "there is no check `zzz`: the ids are a",
    ),
    "a circle": _checks(
        _FINE + "  - {id: b, kind: network, network: b, needs: [a, §d]}\n"
        "  - {id: c, kind: network, network: c, needs: [b]}\n"
        "  - {id: d, kind: network, network: d, needs: [c, a]}\n",
        "the checks wait for one another: `b` needs `d` needs `c` needs `b`",
    ),
    "no points": _whole(
        "version: 1\ntitle: T\n§checks:\n- {id: a, kind: network, network: x}\n",
        "no check has any points, so there is nothing to grade",
    ),
    "hints for states that cannot be": _checks(
        "  - id: a\n    kind: network\n    network: x\n    points: 1\n"
        "    hints: [{§drivr: d}, {driver: d, §absent: y, otherwise: z}]\n"
        "  - {id: b, kind: all_of, of: [{kind: image, role: nginx, image: a}, {kind: image, role: mongo, image: b}], "
        "hints: [{image: x, §hostname: y}]}\n",
        "a check of the kind `network` is never in the state `drivr`: did you mean `driver`?",
        "a check of the kind `network` is never in the state `absent`: its states are attachable, driver, gateway, "
        "internal, missing-network, renamed, subnet, taken-subnet, twins, unnamed-engine, otherwise",
        "a check of the kind `all_of` is never in the state `hostname`: its states are image, missing-role, rivals, "
        "unnamed-engine, otherwise",
    ),
    "to and without": _checks(
        "  - {id: a, kind: attached, role: nginx, to: [x, y], without: [z, §y], points: 1}\n",
        "`y` stands in `to` as well: remove it from one of the two",
    ),
    "open and closed": _checks(
        "  - {id: b, kind: reaches, from: nginx, to: mongo, port: 80, points: 1}\n"
        "  - §{id: c, kind: unreachable, from: nginx, to: mongo, port: 80}\n"
        "  - {id: d, kind: unreachable, from: nginx, to: mongo, port: 81}\n",
        "the check on line 7 demands that nginx does reach this port of mongo: remove one of the two",
    ),
    "ports and pings": _checks(
        "  - §{id: a, kind: reaches, from: nginx, to: mongo, points: 1}\n"
        "  - {id: b, kind: reaches, from: nginx, to: mongo, port: §80, protocol: icmp}\n"
        "  - {id: c, kind: unreachable, from: §outside, to: mongo, protocol: icmp}\n",
        "this check lacks the key `port`; only `protocol: icmp`, a ping, does without",
        "a ping has no port: remove it, or `protocol: icmp`",
        "from outside there are only ports to try, no pings",
    ),
    "a published port that contradicts itself": _checks(
        "  - {id: a, kind: publishes, role: nginx, port: 80, points: 1, host_port: 8080, random: §true}\n"
        "  - {id: b, kind: publishes, role: nginx, port: 81, points: 1, address: §nowhere, host_port: 8080}\n"
        "  - {id: c, kind: publishes, role: nginx, port: 82, points: 1, address: §nowhere, random: true}\n",
        "a port that Docker chooses has no number: remove `random` or `host_port`",
        "what is published nowhere has no port on the host: remove `address` or `host_port`",
        "what is published nowhere has no port on the host: remove `address` or `random`",
    ),
    "a role called outside": _whole(
        "version: 1\ntitle: T\nroles: {§outside: {}}\nchecks:\n- {id: a, kind: network, network: x, points: 1}\n",
        "`outside` means whoever is outside the engine: give the role another name",
    ),
    "an unknown engine": _whole(
        "version: 1\ntitle: T\nhosts: [manager, worker]\n"
        "roles: {a: {host: §worke}, b: {host: worker}, c: {host: §xyz}}\n"
        "checks:\n- {id: a, kind: network, network: x, points: 1}\n",
        "there is no engine `worke`: did you mean `worker`?",
        "there is no engine `xyz`: the engines are manager, worker; `hosts:` declares them",
    ),
    "an unknown engine of a check": _whole(
        "version: 1\ntitle: T\nhosts: [manager, worker, §manager]\n"
        "checks:\n- {id: a, kind: network, network: x, host: §worke, points: 1}\n"
        "- {id: b, kind: swarm, host: worker, with: [§xyz, §worker]}\n"
        "- {id: c, kind: swarm, with: [§manager]}\n",
        "the engine `manager` stands here twice",
        "there is no engine `worke`: did you mean `worker`?",
        "there is no engine `xyz`: the engines are manager, worker, manager; `hosts:` declares them",
        "`worker` is in one swarm with itself anyway: name others",
        "`manager` is in one swarm with itself anyway: name others",
    ),
    "a name that leads to two places": _checks(
        "  - {id: a, kind: resolves, from: nginx, name: db, to: mongo, points: 1}\n"
        "  - {id: b, kind: resolves, from: nginx, name: db, to: §[mongo, nginx]}\n"
        "  - {id: c, kind: resolves, from: nginx, name: twin, to: §[mongo, mongo]}\n",
        "the check on line 7 demands that `db` leads nginx elsewhere: put the roles that share the name into one list",
        "a role stands here twice: remove it once",
    ),
    "an unknown role in a list": _checks(
        "  - {id: a, kind: resolves, from: nginx, name: db, to: [mongo, §mogno], points: 1}\n"
        "  - {id: b, kind: dns, role: nginx, strangers: [mongo, §mogno]}\n",
        "there is no role `mogno`: did you mean `mongo`?",
        "there is no role `mogno`: did you mean `mongo`?",
    ),
    "a name service without a demand": _checks(
        "  - §{id: a, kind: dns, role: nginx, points: 1}\n"
        "  - {id: b, kind: dns, role: nginx, strangers: [mongo, §nginx]}\n",
        "this check demands nothing: give it one of resolver, servers, search, hosts, strangers",
        "`nginx` cannot be a stranger to itself",
    ),
    "two drivers": _checks(
        _FINE + "  - {id: d, kind: network, network: n, driver: bridge, internal: true}\n"
        "  - {id: e, kind: network, network: n, driver: §overlay, internal: §false}\n",
        "the check on line 8 demands another `driver` of `n`: no network has both",
        "the check on line 8 demands another `internal` of `n`: no network has both",
    ),
    "addresses": _checks(
        "  - {id: a, kind: network, network: n, subnet: §10.1.0.5/24, gateway: 10.1.0.1, points: 1}\n"
        "  - {id: b, kind: network, network: m, subnet: 10.2.0.0/24, gateway: §10.3.0.1}\n"
        "  - {id: c, kind: network, network: o, subnet: §ten, gateway: §10.4.0.1/24}\n"
        "  - {id: d, kind: sandbox, role: nginx, addresses: {m: §10.3.0.7, n: 10.9.9.9, o: §here}}\n",
        "`10.1.0.5/24` is no subnet: did you mean `10.1.0.0/24`?",
        "`10.3.0.1` does not lie in the subnet 10.2.0.0/24",
        "`ten` is no subnet: write it as 10.20.0.0/24",
        "`10.4.0.1/24` is no address: write it as 10.20.0.5",
        "`10.3.0.7` does not lie in the subnet 10.2.0.0/24",
        "`here` is no address: write it as 10.20.0.5",
    ),
    "sandboxes": _checks(
        "  - §{id: a, kind: sandbox, role: nginx, points: 1}\n"
        "  - {id: b, kind: sandbox, role: nginx, shared_with: §nginx}\n"
        "  - {id: c, kind: sandbox, role: nginx, shared_with: §mogno}\n",
        "this check demands nothing of the sandbox: give it one of its keys",
        "nginx always lives in its own sandbox",
        "there is no role `mogno`: did you mean `mongo`?",
    ),
    "twins": _checks(
        _FINE + "  - §{id: b, kind: network, network: n, points: 2, title: Other}\n",
        "this check judges the same as the one on line 7: remove one of the two",
    ),
    "a crooked matrix": _checks(
        "  - {id: a, kind: isolated, points: 1, ports: {mongo: 27017, §ngnix: 80},\n"
        "     open: {nginx: [mongo, §mongo], mongo: [§mongo, §nginx, §flask], outside: []},\n"
        "     either: {nginx: [§mongo]}}\n"
        "  - §{id: b, kind: isolated, ports: {mongo: 1}}\n"
        "  - {id: c, kind: isolated, ports: {§outside: 80}, open: {nginx: []}}\n",
        "there is no role `ngnix`: did you mean `nginx`?",
        "that `nginx` reaches `mongo` stands on line 8 already: remove one of the two",
        "`mongo` always reaches itself: remove it",
        "`ports` names no port of `nginx`, only of mongo, ngnix",
        "there is no role `flask`: the roles are nginx, mongo",
        "that `nginx` reaches `mongo` stands on line 8 already: remove one of the two",
        "this matrix has no pair to judge: name a second role",
        "there is no role `outside`: the roles are nginx, mongo",
    ),
    "a matrix against other checks": _checks(
        "  - {id: a, kind: reaches, from: nginx, to: mongo, port: 27017, points: 1}\n"
        "  - §{id: b, kind: isolated, ports: {mongo: 27017}, open: {nginx: []}}\n"
        "  - {id: c, kind: isolated, ports: {nginx: 80}, open: {mongo: [nginx]}}\n"
        "  - §{id: d, kind: unreachable, from: mongo, to: nginx, port: 80}\n"
        "  - {id: e, kind: isolated, ports: {nginx: 80, mongo: 1}, either: {mongo: [nginx]}}\n",
        "the check on line 7 demands that nginx does reach this port of mongo: "
        "open it here too, or remove one of the two",
        "the check on line 9 demands that mongo does reach this port of nginx: remove one of the two",
    ),
    "within others": _checks(
        "  - id: a\n    kind: any_of\n    points: 1\n    of:\n"
        "      - {kind: publishes, role: nginx, port: §0}\n"
        "      - {kind: §publshes, role: nginx, port: 80}\n"
        "      - §{kind: publishes, §rle: ngnix, role: mongo}\n"
        "      - {kind: reaches, from: §ngnix, to: mongo, port: 80}\n"
        "      - §{kind: reaches, from: nginx, to: mongo}\n"
        "      - §x\n"
        "      - {kind: publishes, role: nginx, port: 80, §points: 5}\n"
        "      - kind: all_of\n"
        "        of:\n"
        "          - {kind: attached, role: nginx, to: [x], without: [§x]}\n"
        "          - {kind: attached, role: mogno, to: [§5]}\n",
        "`port` has to be at least 1, not `0`",
        "there is no kind `publshes`: did you mean `publishes`?",
        "a check of the kind `publishes` within another lacks the key `port` (the port inside the container)",
        "a check of the kind `publishes` within another has no key `rle`: did you mean `role`?",
        "there is no role `ngnix`: did you mean `nginx`?",
        "this check lacks the key `port`; only `protocol: icmp`, a ping, does without",
        "an item of `of` has to be a mapping of keys and values, not `x`",
        "a check within another has no `points` of its own: remove it",
        "`x` stands in `to` as well: remove it from one of the two",
        'an item of `to` has to be text, not `5`, which YAML reads as a number: quote it, "5"',
    ),
    "twins and contradictions within others": _checks(
        "  - {id: a, kind: reaches, from: nginx, to: mongo, port: 80, points: 1}\n"
        "  - id: b\n    kind: all_of\n    of:\n"
        "      - §{kind: unreachable, from: nginx, to: mongo, port: 80}\n"
        "      - §{kind: reaches, from: nginx, to: mongo, port: 80}\n"
        "  - id: c\n    kind: any_of\n    of:\n"
        "      - {kind: unreachable, from: nginx, to: mongo, port: 80}\n"
        "      - §{kind: unreachable, from: nginx, to: mongo, port: 80}\n"
        "      - {kind: reaches, from: nginx, to: mongo, port: 80}\n"
        "      - kind: all_of\n        of:\n"
        "          - {kind: network, network: n, driver: bridge}\n"
        "          - {kind: network, network: n, driver: §overlay}\n",
        "the check on line 7 demands that nginx does reach this port of mongo: remove one of the two",
        "this check judges the same as the one on line 7: remove one of the two",
        "this check judges the same as the one on line 16: remove one of the two",
        "the check on line 21 demands another `driver` of `n`: no network has both",
    ),
    "queries": _checks(
        "  - {id: a, kind: jmespath, points: 1, query: §roles.}\n"
        "  - {id: b, kind: jmespath, query: §'networks[?name==`x`]'}\n"
        "  - {id: c, kind: jmespath, query: §'lenght(networks)'}\n"
        "  - {id: d, kind: jmespath, query: §'length(networks, containers)'}\n"
        "  - {id: e, kind: jmespath, query: §'roles.ngnix.state'}\n"
        "  - {id: f, kind: jmespath, query: §'networks]', host: §worker}\n"
        "  - {id: g, kind: any_of, of: [{kind: jmespath, query: §'a b'}, {kind: jmespath, query: \"a\"}]}\n",
        "`query` is no JMESPath: it ends too early, after character 6",
        "`query` is no JMESPath: what stands in backticks has to be JSON; a text is written '…'",
        "`query` is no JMESPath: there is no function lenght()",
        "`query` is no JMESPath: length() takes 1 arguments, not 2",
        "there is no role `ngnix`: did you mean `nginx`?",
        "`query` is no JMESPath: character 9 does not fit: `]`",
        "there is no engine `worker`: the engines are default; `hosts:` declares them",
        "`query` is no JMESPath: character 3 does not fit: `b`",
    ),
    "faults of every sort at once": _checks(
        "  - {id: a, kind: network, network: n, points: §0777}\n"
        "  - {id: §a, kind: network, §netwrk: x, network: y}\n"
        "  - {id: c, kind: image, role: §mogno, image: mongo, needs: [§d]}\n",
        "YAML reads `0777` as the number 511: quote it, or write plain digits",
        "the id `a` is taken by the check on line 7",
        "a check of the kind `network` has no key `netwrk`: did you mean `network`?",
        "there is no role `mogno`: did you mean `mongo`?",
        "there is no check `d`: the ids are a",
    ),
}

ALL = SYNTAX | SHAPE | SURPRISES | SENSE
