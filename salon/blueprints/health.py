"""Whether the process lives (`/health`) and whether it can serve (`/ready`)."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from salon.extensions import db
from salon.queries import readiness

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Alive; touches nothing, so it is the yardstick of the benchmarks."""
    return jsonify(status="ok")


@bp.get("/ready")
def ready() -> ResponseReturnValue:
    """Database, schema and worker: 503 with the reason when a person would be let down."""
    report = readiness.report(db.session, current_app.config["SALON"])
    return jsonify(report.as_dict()), 200 if report.is_ready else 503
