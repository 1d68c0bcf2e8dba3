"""PostgreSQL's tools are told a password where only their owner reads it."""

from __future__ import annotations

from salon.backup import on_server


def test_no_password_on_a_command_line() -> None:
    address, environment = on_server("postgresql+psycopg://salon:s3cr%40t@db.example:5433/fair")
    assert address == "postgresql://salon@db.example:5433/fair"
    assert environment["PGPASSWORD"] == "s3cr@t" and "PATH" in environment


def test_without_a_password_the_servers_own_rules_apply() -> None:
    address, environment = on_server("postgresql+psycopg://salon@127.0.0.1/fair")
    assert address == "postgresql://salon@127.0.0.1/fair"
    assert "PGPASSWORD" not in environment
