"""How the server was started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the person's own calendar day is meant


def _hour() -> float:
    now = datetime.now()  # noqa: DTZ005 - the person's own clock is meant
    return now.hour + now.minute / 60


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line said.

    Attributes:
        port: TCP port.
        data_dir: Folder of the database.
        token: One-time launch token; whoever opens the address with it first is the user.
        extra_hosts: Names besides those of the loopback under which the server may be addressed.
        today: Gives the date of an assessment.
        hour: Gives the hour of the clock, for what of today is still in the body.
        helper: Whether a second process may judge, so that the pages of this one never wait for it.
    """

    port: int
    data_dir: Path
    token: str
    extra_hosts: tuple[str, ...] = ()
    today: Callable[[], date] = field(default=_today)
    hour: Callable[[], float] = field(default=_hour)
    helper: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """Every ``Host`` header that is ours."""
        names = (*LOOPBACK, *self.extra_hosts)
        return frozenset(f"{name}:{self.port}" for name in names) | frozenset(names if self.port == 80 else ())

    @property
    def origins(self) -> frozenset[str]:
        """Every ``Origin`` header that is ours."""
        return frozenset(f"http://{host}" for host in self.hosts)
