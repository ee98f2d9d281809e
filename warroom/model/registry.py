"""Every table of the state file: which row class it holds, in an order in which references come first."""

from __future__ import annotations

from sqlmodel import SQLModel

from warroom.model import (
    alerts,
    baselines,
    calendars,
    evidence,
    gates,
    plan,
    programme,
    shifts,
    surroundings,
    tasks,
    undo,
)
from warroom.model.row import Row

TABLES: dict[type[Row], type[SQLModel]] = {
    programme.Programme: programme.ProgrammeTable,
    programme.Person: programme.PersonTable,
    programme.Party: programme.PartyTable,
    programme.Document: programme.DocumentTable,
    plan.Plan: plan.PlanTable,
    plan.PlanVersion: plan.PlanVersionTable,
    plan.Run: plan.RunTable,
    plan.ClockSegment: plan.ClockSegmentTable,
    calendars.CalendarHours: calendars.CalendarHoursTable,
    calendars.Absence: calendars.AbsenceTable,
    surroundings.Entity: surroundings.EntityTable,
    surroundings.Environment: surroundings.EnvironmentTable,
    surroundings.RotaShift: surroundings.RotaShiftTable,
    surroundings.Bridge: surroundings.BridgeTable,
    surroundings.Call: surroundings.CallTable,
    surroundings.Communication: surroundings.CommunicationTable,
    surroundings.Silence: surroundings.SilenceTable,
    tasks.Phase: tasks.PhaseTable,
    tasks.Stream: tasks.StreamTable,
    tasks.Task: tasks.TaskTable,
    tasks.Link: tasks.LinkTable,
    tasks.Step: tasks.StepTable,
    tasks.Fact: tasks.FactTable,
    tasks.Note: tasks.NoteTable,
    evidence.Evidence: evidence.EvidenceTable,
    tasks.Attempt: tasks.AttemptTable,
    undo.Undone: undo.UndoneTable,
    gates.Gate: gates.GateTable,
    gates.Seat: gates.SeatTable,
    gates.Criterion: gates.CriterionTable,
    gates.Vote: gates.VoteTable,
    gates.Trigger: gates.TriggerTable,
    gates.Authority: gates.AuthorityTable,
    gates.Recovery: gates.RecoveryTable,
    gates.Control: gates.ControlTable,
    baselines.Baseline: baselines.BaselineTable,
    baselines.BaselineTime: baselines.BaselineTimeTable,
    shifts.Leave: shifts.LeaveTable,
    shifts.ShiftHandover: shifts.ShiftHandoverTable,
    alerts.Alert: alerts.AlertTable,
    alerts.WatchMark: alerts.WatchMarkTable,
}
