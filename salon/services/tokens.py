"""Random secrets and their hashes: only the hash is ever stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from salon.enums import TokenPurpose

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else


def new_secret() -> str:
    """43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def new_badge_code() -> str:
    """12 upper-case characters, 59 bits: what a badge's QR code holds."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(12))


def new_typed_code() -> str:
    """Eight digits that a person copies from a mail; guarded by the failure counter of its row."""
    return f"{secrets.randbelow(10**8):08d}"


def fingerprint(secret: str, purpose: TokenPurpose | str) -> str:
    """SHA-256 salted by the purpose, so that a token of one kind never opens another."""
    return hashlib.sha256(f"salon:{purpose}:{secret}".encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
