import * as z from "zod";
import { entry } from "../../base/record";
import { defineCondition } from "../define";
import type { Result } from "../facts/facts";
import { ids } from "../options/fields";

const category = "forms";
const nps = z.int().min(0).max(10).optional();
type Results = Readonly<Record<string, Result>>;
const submitted = (results: Results, id: string): boolean => (entry(results, id)?.submittedAt ?? null) !== null;
const passed = (results: Results, id: string): boolean | null => entry(results, id)?.passed ?? null;

export const formHasSubmitted = defineCondition({
  type: "form.has_submitted",
  label: "Form is Submitted",
  also: ["survey", "lead", "contact", "answers"],
  says: "<have|have not> submitted the form {forms}",
  category,
  description: "The user filled any of these forms in.",
  params: () => ({ forms: ids("form") }),
  test: ({ forms }, { learner }) => forms.some((form) => entry(learner.forms, form) !== undefined),
  seen: ({ learner }) => Object.keys(learner.forms),
});

const ofAssessment = (
  type: string,
  label: string,
  says: string,
  description: string,
  test: (results: Results, id: string) => boolean,
) =>
  defineCondition({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ assessments: ids("assessment") }),
    test: ({ assessments }, { learner }) => assessments.some((one) => test(learner.assessments, one)),
    seen: ({ learner }, { assessments }) =>
      assessments.map((one) => ({ assessment: one, passed: passed(learner.assessments, one) })),
  });
const ofExam = (
  type: string,
  label: string,
  says: string,
  description: string,
  test: (results: Results, id: string) => boolean,
) =>
  defineCondition({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ exams: ids("exam") }),
    test: ({ exams }, { learner }) => exams.some((one) => test(learner.exams, one)),
    seen: ({ learner }, { exams }) => exams.map((one) => ({ exam: one, passed: passed(learner.exams, one) })),
  });
const hasPassed = (results: Results, id: string): boolean => passed(results, id) === true;
const hasFailed = (results: Results, id: string): boolean => passed(results, id) === false;

export const assessmentHasSubmitted = ofAssessment(
  "assessment.has_submitted",
  "Assessment is Submitted",
  "<have|have not> submitted the assessment {assessments}",
  "The user handed any of these assessments in.",
  submitted,
);
export const assessmentHasPassed = ofAssessment(
  "assessment.has_passed",
  "Assessment is Passed",
  "<have|have not> passed the assessment {assessments}",
  "The latest result of any of these assessments is a pass.",
  hasPassed,
);
export const assessmentHasFailed = ofAssessment(
  "assessment.has_failed",
  "Assessment is Failed",
  "<have|have not> failed the assessment {assessments}",
  "The latest result of any of these assessments is a fail.",
  hasFailed,
);
export const examHasSubmitted = ofExam(
  "exam.has_submitted",
  "Certificate Exam is submitted",
  "<have|have not> submitted the exam {exams}",
  "The user handed any of these certificate exams in.",
  submitted,
);
export const examHasPassed = ofExam(
  "exam.has_passed",
  "Certificate Exam is passed",
  "<have|have not> passed the exam {exams}",
  "The latest result of any of these certificate exams is a pass.",
  hasPassed,
);
export const examHasFailed = ofExam(
  "exam.has_failed",
  "Certificate Exam is failed",
  "<have|have not> failed the exam {exams}",
  "The latest result of any of these certificate exams is a fail.",
  hasFailed,
);

export const npsHasResponded = defineCondition({
  type: "nps.has_responded",
  label: "Has Responded to NPS Form",
  says: "<have|have not> answered the NPS form[ with at least {min_score}][ with at most {max_score}]",
  category,
  description: "The user answered an NPS form, last with a score within bounds.",
  params: () => ({ min_score: nps, max_score: nps }),
  test: ({ min_score, max_score }, { learner }) =>
    learner.nps !== null &&
    (min_score === undefined || learner.nps.score >= min_score) &&
    (max_score === undefined || learner.nps.score <= max_score),
  seen: ({ learner }) => learner.nps?.score ?? null,
});

export const qualificationHasResponded = defineCondition({
  type: "qualification.has_responded",
  label: "Has Responded to Qualification Form",
  says: "<have|have not> answered the qualification form[ {forms}]",
  category,
  description: "The user filled a qualification form in: any, or one of these.",
  params: () => ({ forms: ids("form").optional() }),
  test: ({ forms }, { learner }) =>
    Object.entries(learner.forms).some(
      ([form, { kinds }]) => kinds.includes("qualification") && (!forms || forms.includes(form)),
    ),
  seen: ({ learner }) =>
    Object.entries(learner.forms).flatMap(([form, { kinds }]) => (kinds.includes("qualification") ? [form] : [])),
});
