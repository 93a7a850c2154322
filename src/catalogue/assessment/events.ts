import * as z from "zod";
import { entry, setEntry } from "../../base/record";
import { defineEvent } from "../define-event";
import type { Result, Turn } from "../facts/facts";
import { id } from "../options/fields";

export const FORM_KINDS = ["marketing", "course", "qualification"] as const;
const course = id.meta({ picker: "course" }).optional();
const score = z.number().optional();

/** Notes a submission or review; the latest result counts. */
function note(
  turn: Turn,
  results: Record<string, Result>,
  key: string,
  news: { submitted: boolean; passed?: boolean | undefined },
): void {
  const known = entry(results, key) ?? { submittedAt: null, passed: null, passedAt: null };
  const isLatest = known.passedAt === null || turn.at >= known.passedAt;
  setEntry(results, key, {
    submittedAt: news.submitted ? turn.at : known.submittedAt,
    ...(news.passed !== undefined && isLatest
      ? { passed: news.passed, passedAt: turn.at }
      : { passed: known.passed, passedAt: known.passedAt }),
  });
}

export const formSubmitted = defineEvent({
  type: "form.submitted",
  label: "Form submitted",
  description:
    "A form was filled in. The one event whose user may be an email alone: a lead, merged into the user who later signs up with that email.",
  browser: true,
  forEmailAlone: true,
  data: () => ({
    form: id.meta({ picker: "form" }),
    kind: z.enum(FORM_KINDS).optional(),
    answers: z.record(z.string().max(256), z.unknown()).optional(),
  }),
  apply: (turn, data) => {
    const known = entry(turn.learner.forms, data.form);
    const kinds = [...new Set([...(known?.kinds ?? []), ...(data.kind ? [data.kind] : [])])];
    setEntry(turn.learner.forms, data.form, { at: turn.at, kinds });
    turn.make("form.submitted", data);
  },
});

export const assessmentSubmitted = defineEvent({
  type: "assessment.submitted",
  label: "Assessment submitted",
  description: "The user handed an assessment in.",
  data: () => ({ course, assessment: id.meta({ picker: "assessment" }), score, passed: z.boolean().optional() }),
  apply: (turn, data) => {
    note(turn, turn.learner.assessments, data.assessment, { submitted: true, passed: data.passed });
    turn.make("assessment.submitted", data);
  },
});

export const assessmentReviewed = defineEvent({
  type: "assessment.reviewed",
  label: "Assessment reviewed",
  description: "A teacher reviewed the user's assessment.",
  data: () => ({ course, assessment: id.meta({ picker: "assessment" }), score, passed: z.boolean().optional() }),
  apply: (turn, data) => {
    note(turn, turn.learner.assessments, data.assessment, { submitted: false, passed: data.passed });
    turn.make("assessment.reviewed", data);
  },
});

export const examSubmitted = defineEvent({
  type: "exam.submitted",
  label: "Certificate exam submitted",
  description: "The user handed a certificate exam in.",
  data: () => ({ course, exam: id.meta({ picker: "exam" }), score, passed: z.boolean().optional() }),
  apply: (turn, data) => {
    note(turn, turn.learner.exams, data.exam, { submitted: true, passed: data.passed });
    turn.make("exam.submitted", data);
  },
});

export const examReviewed = defineEvent({
  type: "exam.reviewed",
  label: "Certificate exam reviewed",
  description: "A teacher reviewed the user's certificate exam.",
  data: () => ({ course, exam: id.meta({ picker: "exam" }), score, passed: z.boolean() }),
  apply: (turn, data) => {
    note(turn, turn.learner.exams, data.exam, { submitted: false, passed: data.passed });
    turn.make("exam.reviewed", data);
  },
});

export const npsSubmitted = defineEvent({
  type: "nps.submitted",
  label: "NPS form submitted",
  description: "The user said how likely a recommendation is, from 0 to 10.",
  browser: true,
  data: () => ({ score: z.int().min(0).max(10), comment: z.string().max(10_000).optional() }),
  apply: (turn, data) => {
    turn.learner.nps = { score: data.score, at: turn.at };
    turn.make("nps.submitted", data);
  },
});
