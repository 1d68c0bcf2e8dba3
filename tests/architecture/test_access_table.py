"""Every endpoint has its row, and every row its endpoint."""

from __future__ import annotations

from salon.policies.access import ACCESS
from salon.web import SalonFlask


def undeclared(app: SalonFlask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()} - set(ACCESS)


def test_no_endpoint_without_a_row(app: SalonFlask) -> None:
    assert undeclared(app) == set()


def test_no_row_without_an_endpoint(app: SalonFlask) -> None:
    assert set(ACCESS) - {rule.endpoint for rule in app.url_map.iter_rules()} == set()


def test_control_a_new_endpoint_is_noticed(app: SalonFlask) -> None:
    app.add_url_rule("/planted", "planted", lambda: "")
    assert undeclared(app) == {"planted"}
