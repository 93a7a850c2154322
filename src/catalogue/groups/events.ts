import { defineEvent } from "../define-event";
import { coursesIn, enrolmentsOf } from "../enrolment/holding";
import type { SchoolView } from "../facts/facts";
import { id } from "../options/fields";
import { addSeat, joinGroup, leaveGroup, removeSeat } from "./change";

const group = id.meta({ picker: "group" });
const seat = id.meta({ picker: "seat" });

const seatEnrolments = (school: SchoolView, one: string) => enrolmentsOf("seat", one, coursesIn(school, "seat", one));

export const groupJoined = defineEvent({
  type: "group.joined",
  label: "Joined a user group",
  description: "The user was added to a user group.",
  data: () => ({ group }),
  apply: (turn, data) => void joinGroup(turn, data.group, "event"),
});

export const groupLeft = defineEvent({
  type: "group.left",
  label: "Left a user group",
  description: "The user was removed from a user group; a membership that a sync holds stays.",
  data: () => ({ group }),
  apply: (turn, data) => void leaveGroup(turn, data.group),
});

export const seatAdded = defineEvent({
  type: "seat.added",
  label: "Added to a seat offering",
  description: "The user was given a seat, and is enrolled in each of the courses that it holds.",
  data: () => ({ seat }),
  gives: ({ seat: one }, school) => ({ field: "seat", enrolments: seatEnrolments(school, one) }),
  apply: (turn, data) => void addSeat(turn, data.seat, data),
});

export const seatRemoved = defineEvent({
  type: "seat.removed",
  label: "Removed from a seat offering",
  description: "The user's seat was taken away.",
  data: () => ({ seat }),
  apply: (turn, data) => void removeSeat(turn, data.seat, data),
});
