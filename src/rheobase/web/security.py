"""Who may ask this server what. Each guard stops one attack and has a test that makes it.

- Another web site whose name is pointed at 127.0.0.1 (DNS rebinding): only our own ``Host`` headers are answered.
- A form or script on another web site (cross-site request forgery): ``Origin`` and ``Sec-Fetch-Site`` have to be ours,
  and each form carries a token that only our pages hold.
- Another user or programme on this machine: a random token opens the server once, then a cookie out of scripts' reach.
- Code smuggled into a page: nothing inline and nothing from elsewhere is run or shown.
- Health data left in a cache or a referrer: neither is kept or sent.
- An endless upload: cut off while it is read.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rheobase.web.settings import Settings

COOKIE = "rheobase"
STATIC = "/static/"
OPENING = "/open"
MAX_BODY = 25_000_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # "no-referrer" would take the Origin out of our own forms, which is how others' forms are told apart.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "x-frame-options": "DENY",
}
SAFE = ("GET", "HEAD")


@dataclass(slots=True)
class Keys:
    """What opens the server in this run.

    Attributes:
        launch: The token of the address that the browser is opened with; used up by the first who brings it.
        cookie: What the browser holds from then on.
        secret: What form tokens are made with.
    """

    launch: str
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    used: bool = False

    def opens(self, token: str) -> bool:
        """Return whether a launch token is the right one, once."""
        right = not self.used and hmac.compare_digest(token.encode(), self.launch.encode())
        self.used = self.used or right
        return right

    def form_token(self) -> str:
        """Return the token that every form of ours carries."""
        return hmac.new(self.secret, self.cookie.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, token: str) -> bool:
        """Return whether a form was ours."""
        return hmac.compare_digest(token.encode(), self.form_token().encode())


class Guard:
    """The outermost layer: refuses what is not ours, adds the headers, cuts off endless bodies."""

    def __init__(self, app: ASGIApp, settings: Settings, keys: Keys) -> None:
        """Wrap the app.

        Args:
            app: What answers.
            settings: Our names.
            keys: What opens the server.
        """
        self._app = app
        self._settings = settings
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, _with_headers(send, scope))
            return
        await self._app(scope, _bounded(receive), _with_headers(send, scope))

    def _refusal(self, scope: Scope) -> PlainTextResponse | RedirectResponse | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._settings.hosts:
            return PlainTextResponse("This server answers on this machine's own address only.\n", 421)
        if not self._from_us(headers, scope["method"]):
            return PlainTextResponse("This came from another web site and was refused.\n", 403)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return PlainTextResponse(f"{too_large()}\n", 413)
        path: str = scope["path"]
        if path.startswith(STATIC) or path == OPENING:
            return None
        if not hmac.compare_digest(_cookie(headers).encode(), self._keys.cookie.encode()):
            words = "Open Rheobase with the address that it printed when it started, or start it again.\n"
            return PlainTextResponse(words, 401)
        return None

    def _from_us(self, headers: Headers, method: str) -> bool:
        """Return whether a request was made by a page of ours, or by a person who typed the address."""
        site = headers.get("sec-fetch-site", "")
        if method in SAFE:
            # Following a link to us shows a page and changes nothing; reading it from elsewhere is stopped by the
            # browser. Anything but a page has no business to be fetched by others.
            return site in ("", "none", "same-origin") or headers.get("sec-fetch-mode") == "navigate"
        origin = headers.get("origin", "")
        return site in ("", "same-origin") and origin in self._settings.origins


def too_large() -> str:
    """Return why a body is not read to its end."""
    return f"Too large: at most {MAX_BODY // 1_000_000} MB are read."


def _cookie(headers: Headers) -> str:
    try:
        held = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held is not None else ""


def _with_headers(send: Send, scope: Scope) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if not scope["path"].startswith(STATIC):
                headers["cache-control"] = "no-store"
        await send(message)

    return sender


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def receiver() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            # The length was not said, or was a lie: the rest is not read.
            raise HTTPException(413, too_large())
        return message

    return receiver
