"""The fixed words of the domain, as they are stored, typed and printed."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class TaskState(StrEnum):
    """What is stored of a task. `waiting` and `ready` are derived, see `ShownState`."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    VERIFYING = "verifying"
    BLOCKED = "blocked"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class ShownState(StrEnum):
    """What is shown of a task: the stored state, with `not_started` told apart by its predecessors."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    VERIFYING = "verifying"
    BLOCKED = "blocked"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class TaskKind(StrEnum):
    """What a task is. All kinds but milestone and gate are worked on alike."""

    WORK = "work"
    MILESTONE = "milestone"
    GATE = "gate"
    COMMUNICATION = "communication"
    VALIDATION = "validation"
    RECONCILIATION = "reconciliation"
    SMOKE_TEST = "smoke-test"

    @property
    def is_work(self) -> bool:
        """Whether somebody works on it for a while, rather than reaching or deciding it at one instant."""
        return self not in (TaskKind.MILESTONE, TaskKind.GATE)


class BlockedOn(StrEnum):
    """What a blocked task waits for."""

    PERSON = "person"
    PROBLEM = "problem"
    PARTY = "party"


class Releases(StrEnum):
    """What successors of a task wait for: that it is done, or only that its executor has finished."""

    DONE = "done"
    ON_EXECUTION = "on_execution"


class Confirmed(StrEnum):
    """What some of several people confirm of a task: that they are there to start it, or that it is finished."""

    START = "start"
    FINISH = "finish"


class Opens(StrEnum):
    """What may go live with a task, so that there is hardly a way back behind it."""

    USERS = "users"
    INTERFACES = "interfaces"
    MAIL = "mail"
    JOBS = "jobs"
    PAYMENTS = "payments"


class Notice(StrEnum):
    """What a communication is about."""

    FREEZE = "freeze"
    STATUS = "status"
    GO_LIVE = "go-live"
    BACK_OUT = "back-out"
    OTHER = "other"


class GateStage(StrEnum):
    """At which point of a cutover a gate stands; that of go-live is the last one before the point of no return."""

    ENTRANCE = "entrance"
    DATA_SIGN_OFF = "data-sign-off"
    GO_LIVE = "go-live"
    EXIT = "exit"


class DecisionRule(StrEnum):
    """How votes make a verdict: any no-go blocks, most votes, the chair alone, or most unless a veto seat says no."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    CHAIR = "chair"
    VETO = "veto"


class Automatic(StrEnum):
    """What can be judged without a person: a criterion that holds, or a trigger that is reached once it does not."""

    PHASE_DONE = "phase-done"
    TASKS_DONE = "tasks-done"
    CONTROLS = "controls"
    PROBLEMS = "problems"
    CONFIDENCE = "confidence"
    WINDOW = "window"
    BACK_OUT = "back-out"
    SMOKE_TESTS = "smoke-tests"
    METRIC = "metric"


class CallKind(StrEnum):
    """What was called on a trigger of the back-out: that it is reached, a clock that runs towards it, or its figure."""

    RAISED = "raised"
    CLOCK = "clock"
    MEASURED = "measured"


class BackoutStage(StrEnum):
    """How far a back-out has come. It is derived: from its invocation, its tasks, and the run."""

    DORMANT = "dormant"
    BACKING_OUT = "backing-out"
    BACKED_OUT = "backed-out"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        return self.value.replace("-", " ")


class ControlKind(StrEnum):
    """What a control counts."""

    AMOUNT = "amount"
    QUANTITY = "quantity"
    COUNT = "count"
    HASH = "hash"
    SAMPLE = "sample"


class Side(StrEnum):
    """Which of the two systems a figure of a control comes from."""

    LEGACY = "legacy"
    NEW = "new"


class Disposition(StrEnum):
    """What is done about a difference beyond its tolerance: it is accepted, put right, or the data is loaded again."""

    ACCEPT = "accept"
    FIX = "fix"
    RELOAD = "reload"


class ControlStanding(StrEnum):
    """How a control stands, the worst first."""

    OUTSIDE = "outside"
    STALE = "stale"
    MISSING_LEGACY = "missing-legacy"
    MISSING_NEW = "missing-new"
    DISPOSED = "disposed"
    WITHIN = "within"
    SIGNED = "signed"


class SignConvention(StrEnum):
    """Whether the new system shows a control's values with the sign of the old one."""

    SAME = "same"
    OPPOSITE = "opposite"


class LinkType(StrEnum):
    """What a link ties to what: the first letter is an end of the predecessor, the second one of the successor."""

    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"

    @property
    def leaves_start(self) -> bool:
        """Whether it counts from the start of the predecessor, rather than from its finish."""
        return self in (LinkType.START_START, LinkType.START_FINISH)

    @property
    def reaches_finish(self) -> bool:
        """Whether it holds the finish of the successor, rather than its start."""
        return self in (LinkType.FINISH_FINISH, LinkType.START_FINISH)


class ProgressLogic(StrEnum):
    """What open predecessors mean to work that got ahead of them: they hold what remains of it, or they do not."""

    RETAINED = "retained-logic"
    OVERRIDE = "progress-override"


class Runs(StrEnum):
    """In which runs a task takes part."""

    BOTH = "both"
    REHEARSAL = "rehearsal"
    LIVE = "live"


class RunKind(StrEnum):
    REHEARSAL = "rehearsal"
    LIVE = "live"


class StepKind(StrEnum):
    STEP = "step"
    VERIFICATION = "verification"


class Result(StrEnum):
    """How a test or check ended. It is not a state: a failed smoke test is done, with result fail."""

    PASS = "pass"
    FAIL = "fail"
    NOT_TESTED = "not-tested"


class VoteChoice(StrEnum):
    GO = "go"
    NO_GO = "no-go"
    CONDITIONAL = "conditional"
    ABSTAIN = "abstain"


class Verdict(StrEnum):
    GO = "go"
    NO_GO = "no-go"
    CONDITIONAL = "conditional"


class AfterNoGo(StrEnum):
    """What a no-go leads to: everything stays held, the gate is decided again at a time, or the way back is taken."""

    HOLD = "hold"
    RETRY = "retry"
    BACK_OUT = "back-out"


class Light(StrEnum):
    """How a criterion is shown. Amber: not settled, or close to its bound; missing: nobody has said or measured it."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    MISSING = "missing"
    WAIVED = "waived"


class ProblemStatus(StrEnum):
    """What has become of a problem: open, solved, or accepted as it is."""

    OPEN = "open"
    SOLVED = "solved"
    ACCEPTED = "accepted"


class Assurance(StrEnum):
    """How the actor of an entry was known."""

    KEY = "key"
    CLAIMED = "claimed"
    PROXY = "proxy"
    SYSTEM = "system"


class Role(StrEnum):
    """What somebody is in the programme, beside the tasks and seats that are theirs."""

    LEAD = "lead"
    DEPUTY = "deputy"
    SCRIBE = "scribe"
    PLANNER = "planner"
    HYPERCARE_LEAD = "hypercare-lead"
    SUPPORT = "support"
    OBSERVER = "observer"


def fault_of_roles(roles: Collection[str]) -> str | None:
    """Why nobody can have these roles together, in words; None when somebody can."""
    if Role.OBSERVER in roles and len(roles) > 1:
        return "an observer only looks, and has no other role"
    return None


class Medium(StrEnum):
    """How somebody told what another person recorded for them."""

    PHONE = "phone"
    PAPER = "paper"
    VOICE = "voice"

    @property
    def phrase(self) -> str:
        """As it is said: "by phone"."""
        return "on paper" if self is Medium.PAPER else f"by {self.value}"


class Via(StrEnum):
    """The way in by which an entry came."""

    CONSOLE = "console"
    SSH = "ssh"
    CLI = "cli"
    ALERTS = "alerts"
    SIMULATOR = "simulator"


class AlertState(StrEnum):
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"
    CLOSED = "closed"


class AcknowledgedHow(StrEnum):
    """How it came to be known that somebody knows of an alert."""

    CONSOLE = "console"
    COMMAND = "command"
    REPLY = "reply"
    PHONE = "phone"


class SendingMode(StrEnum):
    """Where the messages of a run's alerts go: nowhere, all to one address, or to whom they are meant for."""

    OFF = "off"
    TEST = "test"
    ON = "on"


class AnnouncementStage(StrEnum):
    """How far a communication has come: its text was edited, approved, or sent."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"


class MessageKind(StrEnum):
    """What a message tells: that an alert calls, that its cause is gone, a communication, or that messages arrive."""

    ALERT = "alert"
    OVER = "over"
    COMMUNICATION = "communication"
    TEST = "test"


class DeliveryState(StrEnum):
    """What became of a message so far. Failed: it is tried again; held: until quiet hours are over; suppressed: it is
    not to be sent, and its row says why."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    FAILED = "failed"
    SENT = "sent"
    GIVEN_UP = "given-up"
    SUPPRESSED = "suppressed"


class EscalatesTo(StrEnum):
    """To whom an alert goes that nobody acknowledges."""

    BACKUP = "backup"
    STREAM_LEAD = "stream-lead"
    LEAD = "lead"


class Severity(StrEnum):
    """How much an alert matters: a critical one breaks the window or a gate, a warning pushes others."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"
