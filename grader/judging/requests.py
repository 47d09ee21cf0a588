"""The first words that the probe says to a port, so that whoever listens has to show itself."""

from grader.models.probe import Exchange

CONTROL_PORT = 1
"""tcpmux: nobody listens there, so a gateway that lives refuses it."""
_HTTP_LIMIT = 4096
_KNOCK_LIMIT = 64
_INTRODUCTION_LIMIT = 128  # as far as a mongod's id, and less than its whole answer: it never closes
_MONGO_PORT = 27017
_PROCESS = b"\x07processId\x00"
"""What stands before the ObjectId that a mongod makes up when it starts."""

# OP_MSG {hello: 1, $db: "admin"}: length, request id, response to, opcode 2013, flags, section 0, BSON
# (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/). A driver says it first too.
_BSON = b"\x10hello\x00\x01\x00\x00\x00" + b"\x02$db\x00\x06\x00\x00\x00admin\x00" + b"\x00"
_DOCUMENT = (len(_BSON) + 4).to_bytes(4, "little") + _BSON
_OP_MSG = (2013).to_bytes(4, "little") + b"\x00\x00\x00\x00" + b"\x00" + _DOCUMENT
_MONGO_HELLO = (len(_OP_MSG) + 12).to_bytes(4, "little") + b"\x01\x00\x00\x00" + b"\x00\x00\x00\x00" + _OP_MSG


def http_get(address: str, port: int, path: str) -> Exchange:
    """Return a GET request of HTTP/1.1 that asks the server to close the connection."""
    text = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: grade\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    return Exchange(address=address, port=port, request=text.encode().hex(), limit=_HTTP_LIMIT)


def knock(address: str, port: int, service: int) -> Exchange:
    """Return what makes the service behind `service` speak, sent to `port`, which may be another one."""
    if service == _MONGO_PORT:
        return Exchange(address=address, port=port, request=_MONGO_HELLO.hex(), limit=_KNOCK_LIMIT)
    return Exchange(address=address, port=port, request=b"GET / HTTP/1.0\r\n\r\n".hex(), limit=_KNOCK_LIMIT)


def has_identity(port: int) -> bool:
    """Return whether the service that lives behind a port by custom says which one of its kind it is."""
    return port == _MONGO_PORT


def introduction(address: str, port: int) -> Exchange:
    """Return what makes a service say which one of its kind it is."""
    return knock(address, port, port).model_copy(update={"limit": _INTRODUCTION_LIMIT})


def identity(response: str) -> bytes | None:
    """Return what a mongod calls its process, the same through any relay; None where nobody says so.

    MongoDB has it from 4.4 on.
    """
    _, found, rest = bytes.fromhex(response).partition(_PROCESS)
    return rest[:12] if found and len(rest) >= 12 else None
