"""A visitor of a running server: pages, forms with their hidden fields, cookies; nothing of the application inside."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(slots=True)
class Form:
    """A form as a browser sees it: names with the values that it would send."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms of a page with what their fields hold."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path, self.found = path, list[Form]()
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(has.get("action") or self.path, has.get("method", "get").upper()))
        elif self.found and tag in {"input", "textarea", "select", "button"} and has.get("name"):
            self._field(tag, has)
        elif self.found and tag == "option" and self._select:
            self.found[-1].fields.append((self._select, has.get("value", "")))
            self._select = ""  # the first choice stands for all

    def _field(self, tag: str, has: dict[str, str]) -> None:
        if has.get("type") == "file":
            self.found[-1].files.append(has["name"])
        elif tag == "select":
            self._select = has["name"]
        else:
            self.found[-1].fields.append((has["name"], has.get("value", "")))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    text: str


class Visitor:
    """Talks HTTP to one address and keeps its cookies; a connection that breaks is an `OSError`."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port, self.cookies = port, dict(cookies or {})

    def get(self, path: str) -> Answer:
        return self._send("GET", path, None)

    def post(self, path: str, values: dict[str, Any]) -> Answer:
        return self._send("POST", path, urlencode(values, doseq=True))

    def tokens(self, path: str) -> dict[str, str]:
        """The CSRF token and the once-key of the first form of a page that has them."""
        for form in Forms(path, self.get(path).text).found:
            names = dict(form.fields)
            if "csrf_token" in names and form.method == "POST":
                return {name: names[name] for name in ("csrf_token", "once") if name in names}
        raise AssertionError(f"no form on {path}")

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        location = answer.headers.get("Location", "")
        return Answer(answer.status, urlsplit(location).path if location else "", text)

    def sign_in(self, link: str) -> None:
        """Use an operator's link as a person does: open it, press the button."""
        path = urlsplit(link).path
        answer = self.post(path, self.tokens(path))
        assert answer.status == 303, answer.text[:300]
