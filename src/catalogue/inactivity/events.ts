import * as z from "zod";
import { defineEvent } from "../define-event";
import { id } from "../options/fields";
import { changeRecord, courseRecord } from "../progress/record";
import { seenIn } from "./visits";

const channel = z.enum(["web", "app"]).optional();

export const schoolVisited = defineEvent({
  type: "school.visited",
  label: "School visited",
  description: "The user came to the school. Activity only: nothing starts from it, but exits and waits may name it.",
  browser: true,
  data: () => ({ channel }),
  apply: (turn, data) => {
    seenIn(turn, { channel: data.channel });
    turn.make("school.visited", { channel: data.channel ?? "web" }, { hidden: true });
  },
});

export const courseVisited = defineEvent({
  type: "course.visited",
  label: "Course visited",
  description: "The user came to a course; the first time the course is started. Also a visit of the school.",
  browser: true,
  also: ["course.started"],
  data: () => ({ course: id.meta({ picker: "course" }), channel }),
  apply: (turn, { course, channel: by }) => {
    seenIn(turn, { channel: by, course });
    turn.make("course.visited", { course, channel: by ?? "web" }, { hidden: true });
    if (courseRecord(turn.learner, course).startedAt !== null) return;
    changeRecord(turn.learner, course, { startedAt: turn.at });
    turn.make("course.started", { course });
  },
});
