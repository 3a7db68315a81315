"""The file that holds everybody: where it is, a copy of it, its passphrase, and copies of earlier schemas."""

from __future__ import annotations

import tempfile
from pathlib import Path

from starlette.responses import Response

from rheobase.errors import DataRefusedError, UsageError
from rheobase.storage.encryption import COPYING, shred
from rheobase.storage.store import FILE
from rheobase.web.pages.exports import download
from rheobase.web.visit import Page, Visit

ENCRYPT, CHANGE, DECRYPT = "encrypt", "change", "decrypt"
DONE = {
    ENCRYPT: "The data is encrypted now. Without the passphrase nobody can read it, and nobody can restore it.",
    CHANGE: "The passphrase is changed.",
    DECRYPT: "The passphrase is taken off; the file is plain again.",
    "copies": "The old copies are removed.",
}


def keeping(visit: Visit) -> Response:
    """Show where everything is kept."""
    return _show(visit)


def _show(visit: Visit, *, problem: str = "") -> Response:
    store = visit.desk.store
    copies = [(each.name, each.stat().st_size) for each in store.old_copies()]
    return visit.show(
        "keeping.html",
        status=400 if problem else 200,
        file=str(visit.desk.path),
        people=store.people(),
        encrypted=store.encrypted,
        copies=copies,
        problem=problem,
        done=DONE.get(visit.query.get("done", ""), "") if not problem else "",
    )


def passphrase(visit: Visit) -> Response:
    """Encrypt, change the passphrase, or take it off."""
    do = visit.one("do")
    try:
        _rekey(visit, do)
    except (DataRefusedError, UsageError) as refusal:
        return _show(visit, problem=str(refusal))
    return visit.go(f"/data?done={do}")


def _rekey(visit: Visit, do: str) -> None:
    store, old, new = visit.desk.store, visit.one("old"), visit.one("new")
    if do in (ENCRYPT, CHANGE) and new != visit.one("again"):
        raise DataRefusedError("The two passphrases differ. Type the same one twice; nothing was changed.")
    if do == ENCRYPT:
        store.encrypt(new)
    elif do == CHANGE:
        store.change_passphrase(old, new)
    elif do == DECRYPT:
        store.decrypt(old)
    else:
        raise DataRefusedError("Choose what to do. Nothing was changed.")


def lock(visit: Visit) -> Response:
    """Close an encrypted file; its passphrase is asked for again."""
    if visit.desk.store.encrypted:
        visit.desk.close()
        return visit.go("/unlock")
    return visit.go("/data")


def copy(visit: Visit) -> Response:
    """Give a copy of the whole file, encrypted as the file is."""
    with tempfile.TemporaryDirectory(prefix=COPYING, dir=visit.desk.path.parent) as folder:
        target = Path(folder) / FILE
        try:
            visit.desk.store.back_up(target)
            data = target.read_bytes()
        finally:
            shred(target)
    return download(f"rheobase-{visit.desk.today.isoformat()}.db", "application/vnd.sqlite3", data)


def remove_copies(visit: Visit) -> Response:
    """Remove the copies of earlier schemas."""
    visit.desk.store.delete_old_copies()
    return visit.go("/data?done=copies")


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/data": (keeping, ("GET",)),
    "/data/passphrase": (passphrase, ("POST",)),
    "/data/lock": (lock, ("POST",)),
    "/data/copy": (copy, ("GET",)),
    "/data/copies": (remove_copies, ("POST",)),
}
