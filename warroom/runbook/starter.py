"""Runbooks to start from: one skeleton, with what is different on each platform."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import resources
from string import Template

_WEEKS_AHEAD = 12
_FRIDAY = 4

_PLATFORMS: dict[str, dict[str, str]] = {
    "d365-fo": {
        "about": "Dynamics 365 Finance and Operations, loaded from another system",
        "product": "Dynamics 365 Finance and Operations",
        "load": "One data project, its entities in sequence; turn change tracking off before and on again after it.",
        "fact": "A point-in-time restore of production takes back everything that was posted meanwhile.",
        "source": "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/database/database-point-in-time-restore",
        "undo": "Restore the production database to the time that was noted before the load.",
        "steps": "Enable all users, Set the approved batch jobs to waiting, Switch the interfaces on",
    },
    "d365-bc": {
        "about": "Dynamics 365 Business Central, loaded from another system",
        "product": "Dynamics 365 Business Central",
        "load": "Configuration packages in their order: import, errors to zero, apply, then post the journals.",
        "fact": "A restore always makes a new environment; the damaged one is renamed first.",
        "source": "https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/tenant-admin-center-backup-restore",
        "undo": "Restore the environment to the time that was noted before the load.",
        "steps": "Assign the licences to everybody, Start the job queue entries, Switch the interfaces on",
    },
    "odoo": {
        "about": "Odoo on Odoo.sh, Odoo Online or an own server, loaded from another system",
        "product": "Odoo",
        "load": "Import with external ids, so that a second import updates and does not double; test import first.",
        "fact": "An import with external ids can be repeated: rows that are known are updated.",
        "source": "https://www.odoo.com/documentation/latest/applications/essentials/export_import_data.html",
        "undo": "Restore the backup that was made before the load.",
        "steps": "Activate the users, Activate the scheduled actions, Switch the mail servers on",
    },
}

PLATFORMS = tuple(_PLATFORMS)


def starter(platform: str, today: datetime) -> str:
    """A commented runbook for one of `PLATFORMS` that passes the check; its window starts on a Friday, twelve weeks
    after `today` or later.

    Raises:
        KeyError: there is no such platform.
    """
    day = today + timedelta(weeks=_WEEKS_AHEAD)
    friday = day + timedelta(days=(_FRIDAY - day.weekday()) % 7)
    skeleton = resources.files("warroom.runbook").joinpath("starter.yaml").read_text(encoding="utf-8")
    return Template(skeleton).substitute(_PLATFORMS[platform], platform=platform, start=f"{friday:%Y-%m-%d}T18:00")
