"""Salon: business fairs with proven schedules of one-to-one meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salon.config import Settings
    from salon.web import SalonFlask

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> SalonFlask:
    """The web application, ready to serve; raises `SettingsError` when the settings are unfit."""
    from salon.config import flask_config, load_settings
    from salon.resources import template_dir
    from salon.web import SalonFlask

    settings = settings or load_settings()
    app = SalonFlask(
        __name__, template_folder=str(template_dir()), instance_path=str(settings.instance.resolve())
    )
    app.config.from_mapping(flask_config(settings))
    _bind_extensions(app, settings)
    _register_pages(app)
    return app


def _bind_extensions(app: SalonFlask, settings: Settings) -> None:
    from pathlib import Path

    from werkzeug.middleware.proxy_fix import ProxyFix

    from salon import database, i18n, logs, web
    from salon.extensions import babel, bootstrap, csrf, db, migrate
    from salon.jobs import queue
    from salon.shell import context

    settings.instance.mkdir(parents=True, exist_ok=True)
    logs.configure(settings)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parent / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=i18n.select_locale)
    bootstrap.init_app(app)
    csrf.init_app(app)
    web.install(app)
    app.before_request(i18n.remember_language)
    context.install(app)
    queue.bind(app, settings)
    with app.app_context():
        database.prepare(db.engine)
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _register_pages(app: SalonFlask) -> None:
    from salon.blueprints import BLUEPRINTS

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    from salon.jobs import tasks  # noqa: F401 - registers the handlers of the queue
