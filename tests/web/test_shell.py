"""The frame that every answer shares."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.conftest import BASE


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/health", 200), ("/nowhere", 404), ("/e/none/", 404)]
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, base_url=BASE)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/", base_url="http://evil.example").status_code == 400
