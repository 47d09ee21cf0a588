"""Certificates for an engine that speaks only to those whom it knows, and is known by them."""

from pathlib import Path

from .run import run

PORT = 2376
_SERVER = "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost\nextendedKeyUsage=serverAuth\n"
_CLIENT = "extendedKeyUsage=clientAuth\n"


def authority(folder: Path) -> Path:
    """Make a certificate authority, a server's and a client's material in folders of their own."""
    for part in ("server", "client"):
        (folder / part).mkdir(parents=True)
    ca = folder / "ca.pem"
    new: list[str | Path] = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=lab",
    ]
    run([*new, "-keyout", folder / "ca-key.pem", "-out", ca])
    for part, extension in (("server", _SERVER), ("client", _CLIENT)):
        _issue(folder, folder / part, part, extension)
        (folder / part / "ca.pem").write_bytes(ca.read_bytes())
    return folder


def options(folder: Path) -> tuple[str, ...]:
    """Return the daemon's options to listen with TLS and ask everybody for a certificate."""
    there = folder / "server"
    return (
        f"--host=tcp://127.0.0.1:{PORT}",
        "--tlsverify",
        f"--tlscacert={there / 'ca.pem'}",
        f"--tlscert={there / 'cert.pem'}",
        f"--tlskey={there / 'key.pem'}",
    )


def _issue(ca: Path, folder: Path, name: str, extension: str) -> None:
    (folder / "extension").write_text(extension)
    key, request = folder / "key.pem", folder / "request"
    run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request])
    sign: list[str | Path] = [
        "openssl",
        "x509",
        "-req",
        "-in",
        request,
        "-CA",
        ca / "ca.pem",
        "-CAkey",
        ca / "ca-key.pem",
    ]
    serial: list[str | Path] = ["-CAcreateserial", "-days", "2", "-extfile", folder / "extension"]
    run([*sign, *serial, "-out", folder / "cert.pem"])
