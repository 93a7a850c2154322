import { z } from "zod";
import { defineTrigger } from "../define";
import { among, ids } from "../fields";

const category = "forms";
const nps = z.int().min(0).max(10).optional();

export const formSubmitted = defineTrigger({
  type: "form.submitted",
  label: "Form is Submitted",
  category,
  description: "The user, or someone known by an email alone, fills a form in.",
  params: { forms: ids("form").optional() },
  accepts: (params, data) => among(params.forms, data.form),
});

const ofAssessment = (type: string, label: string, description: string) =>
  defineTrigger({
    type,
    label,
    category,
    description,
    params: { assessments: ids("assessment").optional() },
    accepts: (params, data) => among(params.assessments, data.assessment),
  });
const ofExam = (type: string, label: string, description: string) =>
  defineTrigger({
    type,
    label,
    category,
    description,
    params: { exams: ids("exam").optional() },
    accepts: (params, data) => among(params.exams, data.exam),
  });

export const assessmentSubmitted = ofAssessment(
  "assessment.submitted",
  "Assessment is Submitted",
  "The user hands an assessment in.",
);
export const assessmentReviewed = ofAssessment(
  "assessment.reviewed",
  "Assessment is Reviewed",
  "A teacher reviews the user's assessment.",
);
export const examSubmitted = ofExam(
  "exam.submitted",
  "Certificate exam is submitted",
  "The user hands a certificate exam in.",
);
export const examReviewed = ofExam(
  "exam.reviewed",
  "Certificate exam is reviewed",
  "A teacher reviews the user's certificate exam.",
);

export const npsSubmitted = defineTrigger({
  type: "nps.submitted",
  label: "NPS form submitted",
  category,
  description: "The user answers an NPS form with a score within bounds.",
  params: { min_score: nps, max_score: nps },
  example: ({ min_score, max_score }) => ({ score: min_score ?? max_score ?? 10 }),
  accepts: ({ min_score, max_score }, data) =>
    (min_score === undefined || Number(data.score) >= min_score) &&
    (max_score === undefined || Number(data.score) <= max_score),
});
