"""RSA with SHA-256 and PKCS #1 v1.5, as WeChat Pay v3 (SHA256-RSA2048) and Alipay (RSA2) sign."""

from __future__ import annotations

import base64
import binascii

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

_PEM = b"-----BEGIN"


def private_key(text: bytes) -> RSAPrivateKey:
    """A private key as PEM, or as the bare base64 that Alipay's tools write. ValueError when it is none."""
    plain = text.strip()
    if _PEM in plain:
        key = serialization.load_pem_private_key(plain, password=None)
    else:
        key = serialization.load_der_private_key(_bare(plain), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("it is no RSA key")
    return key


def public_key(text: bytes) -> RSAPublicKey:
    """A public key as PEM or bare base64, or that of a certificate. ValueError when it is none."""
    key = _public(text.strip())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("it is no RSA key")
    return key


def _public(plain: bytes) -> PublicKeyTypes:
    if b"-----BEGIN CERTIFICATE" in plain:
        return x509.load_pem_x509_certificate(plain).public_key()
    if _PEM in plain:
        return serialization.load_pem_public_key(plain)
    return serialization.load_der_public_key(_bare(plain))


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """The signature in base64."""
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode("ascii")


def holds(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether a base64 signature is that of a message."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _bare(text: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("it is neither PEM nor base64") from error
