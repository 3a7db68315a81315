"""Everything that people entered, in one SQLite file on this machine: whole revisions, each change one transaction."""

from rheobase.storage.records import Judged, OnePerson, Revision, StoredStep
from rheobase.storage.store import Store

__all__ = ["Judged", "OnePerson", "Revision", "Store", "StoredStep"]
