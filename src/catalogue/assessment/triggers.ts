import * as z from "zod";
import { defineTrigger } from "../define";
import { among, ids } from "../options/fields";

const category = "forms";
const nps = z.int().min(0).max(10).optional();

export const formSubmitted = defineTrigger({
  type: "form.submitted",
  label: "Form is Submitted",
  also: ["survey", "lead", "contact", "answers"],
  says: "submits [the form {forms}][any form{!forms}]",
  category,
  description: "The user, or someone known by an email alone, fills a form in.",
  params: () => ({ forms: ids("form").optional() }),
  subject: { option: "forms", data: "form" },
  accepts: (params, data) => among(params.forms, data.form),
});

const ofAssessment = (type: string, label: string, says: string, description: string) =>
  defineTrigger({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ assessments: ids("assessment").optional() }),
    subject: { option: "assessments", data: "assessment" },
    accepts: (params, data) => among(params.assessments, data.assessment),
  });
const ofExam = (type: string, label: string, says: string, description: string) =>
  defineTrigger({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ exams: ids("exam").optional() }),
    subject: { option: "exams", data: "exam" },
    accepts: (params, data) => among(params.exams, data.exam),
  });

export const assessmentSubmitted = ofAssessment(
  "assessment.submitted",
  "Assessment is Submitted",
  "submits {assessments: any assessment}",
  "The user hands an assessment in.",
);
export const assessmentReviewed = ofAssessment(
  "assessment.reviewed",
  "Assessment is Reviewed",
  "has {assessments: any assessment} reviewed",
  "A teacher reviews the user's assessment.",
);
export const examSubmitted = ofExam(
  "exam.submitted",
  "Certificate exam is submitted",
  "submits {exams: any certificate exam}",
  "The user hands a certificate exam in.",
);
export const examReviewed = ofExam(
  "exam.reviewed",
  "Certificate exam is reviewed",
  "has {exams: any certificate exam} reviewed",
  "A teacher reviews the user's certificate exam.",
);

export const npsSubmitted = defineTrigger({
  type: "nps.submitted",
  label: "NPS form submitted",
  also: ["survey", "score", "rating", "feedback"],
  says: "answers the NPS form[ with at least {min_score}][ with at most {max_score}]",
  category,
  description: "The user answers an NPS form with a score within bounds.",
  params: () => ({ min_score: nps, max_score: nps }),
  example: ({ min_score, max_score }) => ({ score: min_score ?? max_score ?? 10 }),
  accepts: ({ min_score, max_score }, data) =>
    (min_score === undefined || Number(data.score) >= min_score) &&
    (max_score === undefined || Number(data.score) <= max_score),
});
