"""Certificates that a test's own authority issues, and keys that sign mails."""

import ssl
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True)
class Authority:
    """Whose certificates a client with `file` trusts."""

    ca: trustme.CA
    file: Path

    def server(self, *names: str, **more: object) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.ca.issue_cert(*names, **more).configure_cert(context)  # type: ignore[arg-type]
        return context


def authority_in(folder: Path) -> Authority:
    ca = trustme.CA(key_type=trustme.KeyType.ECDSA)
    file = folder / "ca.pem"
    file.write_bytes(ca.cert_pem.bytes())
    return Authority(ca, file)


@dataclass(frozen=True)
class DkimKey:
    """`record` is what the DNS says of it."""

    file: Path
    record: bytes

    def dns(self, name: bytes, timeout: int = 5) -> bytes | None:
        return self.record if name == b"mail1._domainkey.agency.example." else None


def key_in(file: Path, bits: int = 2048) -> DkimKey:
    key = rsa.generate_private_key(65537, bits)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return DkimKey(file, b"v=DKIM1; k=rsa; p=" + b64encode(public))
