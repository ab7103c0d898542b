"""Certificates and keys, made once."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True)
class Authority:
    """Whose certificates a client with `file` trusts."""

    ca: trustme.CA
    file: str

    def server(self, *names: str, **more: object) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.ca.issue_cert(*names, **more).configure_cert(context)  # type: ignore[arg-type]
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    ca = trustme.CA(key_type=trustme.KeyType.ECDSA)
    with ca.cert_pem.tempfile(str(tmp_path_factory.mktemp("ca"))) as file:
        yield Authority(ca, file)


@dataclass(frozen=True)
class DkimKey:
    """`record` is what the DNS says of it."""

    file: Path
    record: bytes

    def dns(self, name: bytes, timeout: int = 5) -> bytes | None:
        return self.record if name == b"mail1._domainkey.agency.example." else None


@pytest.fixture(scope="session")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> DkimKey:
    return make_key(tmp_path_factory.mktemp("dkim") / "mail1.pem")


def make_key(file: Path, bits: int = 2048) -> DkimKey:
    from base64 import b64encode

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
