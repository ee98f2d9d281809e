"""What the people of a play say: troubles, reasons for delay, notes and evidence, by the kind of work."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that stops a task: what is wrong, what is being done about it, and what solved it."""

    problem: str
    remedy: str
    solution: str


@dataclass(frozen=True, slots=True)
class Sayings:
    """The sentences that fit one kind of work.

    Attributes:
        words: how words in the title of such a task begin.
        delays: why it takes longer than planned.
        notes: what is written down when it is finished.
        evidence: what is given for a verification step.
    """

    words: tuple[str, ...]
    troubles: tuple[Trouble, ...]
    delays: tuple[str, ...]
    notes: tuple[str, ...]
    evidence: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DATA = Sayings(
    words=_words("load import extract migrat delta master package opening entries lines"),
    troubles=(
        Trouble(
            "Import stops: fourteen item numbers are longer than the field",
            "The file is being corrected by its owner, then the import goes on from the failed row",
            "Numbers shortened as agreed, import went through",
        ),
        Trouble(
            "Two codes of the file do not exist in the new system",
            "Their owner creates the two codes, then the rejected rows are imported again",
            "Codes created, rejected rows imported, none left",
        ),
        Trouble(
            "The file has the decimal comma where the template wants a point",
            "A new export with the right regional setting is on its way",
            "New file received, checksum noted, imported without errors",
        ),
    ),
    delays=(
        "The import handles fewer rows a minute than in the rehearsal",
        "Rejected rows must be corrected by hand, about a third is done",
        "A second run was needed after duplicates turned up",
        "The export from the old system arrived later than agreed",
    ),
    notes=(
        "Rejected rows are listed in the shared folder, none of them is open",
        "The log of the import is kept with the control totals",
        "Imported in batches, the next rehearsal should plan it so",
    ),
    evidence=("Counts compared, no difference", "Ten records compared field by field", "Log read, no errors"),
)

SYSTEMS = Sayings(
    words=_words(
        "back read-only licen user job interface integration web update restore "
        "production certificate environment sandbox access e-mail feed document"
    ),
    troubles=(
        Trouble(
            "The second factor of the service account does not answer",
            "The administrator on call is setting a new one up",
            "New second factor works and is kept in the safe",
        ),
        Trouble(
            "A night job still holds a lock and cannot be stopped from here",
            "Waiting for the database administrator, who has been rung",
            "Job stopped and disabled until Monday",
        ),
        Trouble(
            "The target volume is full",
            "Old copies are being moved away to make room",
            "Enough room now, the copy was started again",
        ),
    ),
    delays=(
        "Copying to the second site is slower than last time, the line is shared tonight",
        "Some sessions would not log off and had to be ended one by one",
        "The service needed two restarts before it answered",
        "Waiting for a second pair of eyes on the settings",
    ),
    notes=(
        "Settings before and after are kept as screenshots",
        "File names, sizes and checksums are in the log of the night",
        "The account used is listed for removal after the weekend",
    ),
    evidence=(
        "Seen on the screen, picture kept",
        "Tried with an ordinary user",
        "Log of the night read, nothing unusual",
    ),
)

TRIALS = Sayings(
    words=_words("order try smoke test dry super-user process report training"),
    troubles=(
        Trouble(
            "The tax of the test invoice is wrong by one code",
            "Finance looks at the posting set-up of this customer group",
            "Set-up corrected, the same order plays through",
        ),
        Trouble(
            "The delivery note prints on the wrong paper and cuts the address",
            "The layout is being exchanged for the approved one",
            "Right layout assigned, printed again and approved",
        ),
    ),
    delays=(
        "The test customer had no credit limit, so the order had to be entered again",
        "One permission was missing and had to be asked for",
        "Payment could only be registered after the bank account was mapped",
    ),
    notes=(
        "Document numbers are written down, test documents are reversed",
        "Played with an ordinary role, no administrator rights",
        "One label is in the wrong language, it can wait until next week",
    ),
    evidence=("Document numbers compared", "Played through once more, same result"),
)

GOODS = Sayings(
    words=_words("stock count shipment receipt inventor warehouse"),
    troubles=(
        Trouble(
            "Two aisles were counted under the same place code",
            "Both aisles are being counted again",
            "Counted again, codes corrected in the file",
        ),
        Trouble(
            "A lorry is still at the gate and must be unloaded first",
            "It is being unloaded, the receipt will be posted right after",
            "Unloaded and posted, the gate is closed",
        ),
    ),
    delays=(
        "Recounting three places with a difference above the limit",
        "Half of the shift is still busy with the last shipment",
        "The hand scanners had to be charged first",
    ),
    notes=(
        "Count sheets are signed and stored",
        "Differences above the limit were counted twice",
    ),
    evidence=("Quantities agree with the count sheets", "Sample of ten places counted again"),
)

BOOKS = Sayings(
    words=_words(
        "invoice balance ledger tie total bank vat reconcil trial "
        "post asset payable receivable clearing payment journal"
    ),
    troubles=(
        Trouble(
            "Receivables differ from the ledger by one credit note",
            "The credit note is being looked for in the old system",
            "Credit note was posted after the report, report repeated, no difference",
        ),
        Trouble(
            "The period is closed already and refuses the last posting",
            "The controller opens the period for one user",
            "Posted, the period is closed again",
        ),
        Trouble(
            "The clearing account is not at zero",
            "Lines are being compared account by account",
            "One line had the wrong sign, corrected, the account is at zero",
        ),
    ),
    delays=(
        "Three supplier invoices arrived at the last minute and must go in",
        "A difference of a few cents is being explained, line by line",
        "The report over all accounts takes longer than in the rehearsal",
        "Waiting for the statement of the bank",
    ),
    notes=(
        "Reports are stored with their checksums",
        "What stays unposted is on the list for Monday, with amounts",
        "Compared by two people, both initialled the print",
    ),
    evidence=("Difference 0.00", "Report compared with the file, equal", "Draft list is empty"),
)

PEOPLE = Sayings(
    words=(),
    troubles=(
        Trouble(
            "A decision is needed from somebody who does not answer",
            "Rung twice, now trying through the office",
            "Reached, decision given by phone and noted",
        ),
        Trouble(
            "The conference bridge is down, half of the team is not on the call",
            "A second bridge is being set up and sent round",
            "Everybody is on the second bridge",
        ),
    ),
    delays=(
        "Still waiting for two departments to answer",
        "The text had to be approved once more",
        "Explaining it took longer than thought, everybody is on board now",
    ),
    notes=("Everybody was reached, the list is in the channel", "Questions are collected for the morning call"),
    evidence=("Confirmed by phone", "Answers are in the channel"),
)

# Where two have the same word, the earlier is taken.
_KINDS = (DATA, SYSTEMS, TRIALS, GOODS, BOOKS)

DOUBTS = (
    "One difference has no cause yet, I want to see it first",
    "Nobody is named for the first morning yet",
    "The list of rejected rows has not reached me",
)
ASSURED = "I have seen it now, my doubt is gone"
HELD_BACK = (
    "Not before the lead has confirmed that a back-out still fits",
    "The evidence of one criterion is missing, we meet again in a few minutes",
)
RISK_TAKEN = "The risk is taken: the way forward is shorter than the way back"
AGREED = (
    "All criteria are met, the votes are in",
    "Quorum reached, nobody objects",
    "Criteria read aloud, every seat answered",
)
SHOWN = (
    "Read aloud from the list on the bridge, nobody objects",
    "The signed list is in the shared folder",
    "Checked by two people, the note is with the gate's papers",
)
CONDITIONS = (
    "The listed differences must be corrected by Monday noon",
    "Finance checks the first ten invoices by hand",
)


CAUSES = (
    "One journal was posted in the wrong period",
    "One file was left out of the load",
    "A filter of the report hides one company",
)


def sayings_for(title: str) -> Sayings:
    """The sentences that fit a task of this title, by the first of its words that tells."""
    for word in re.findall(r"[a-z][a-z-]*", title.lower()):
        for kind in _KINDS:
            if word.startswith(kind.words):
                return kind
    return PEOPLE
