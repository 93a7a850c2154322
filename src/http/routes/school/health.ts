import * as z from "zod";
import { daysOfSchool } from "../../../automations/runs/days";
import { once } from "../../../base/cache";
import { variablesOf } from "../../../base/env";
import { platformMail } from "../../../connectors/mail/platform";
import { nearlyFullNow } from "../../../db/log";
import { costsOf } from "../../../schools/costs/costs";
import type { Backlog } from "../../../schools/health/backlog";
import { healthOf } from "../../../schools/health/health";
import { IN_TIME_MS, type Lateness } from "../../../schools/health/lateness";
import { findComing } from "../../../schools/health/next";
import { rotationWarning } from "../../../schools/platform/rotation";
import { nowOf } from "../../../world/snapshot";
import { defineRoute, ok } from "../../route";
import { requireMigrated } from "../../set-up";
import { rfc3339, timeOut } from "../../times";
import { monthCosts } from "./costs";
import { dayFigures } from "./days";

const NO_MAIL = "PLATFORM_EMAIL is not set: sign-in links are not mailed.";

const NO_EVIDENCE = "EVIDENCE_KEY is not set: no evidence packs are made.";
const DAYS = 14;

const waitingOf = ({ count, oldest }: Backlog["waits"]) => ({
  count,
  oldest_at: oldest === null ? null : rfc3339(oldest),
});
const latenessOf = ({ count, inTime, worst }: Lateness) => ({ count, in_time: inTime, worst_ms: worst });

const lateness = (within: number) =>
  z.object({
    count: z.int().meta({ description: "How many were looked at: the newest hundred at most." }),
    in_time: z.int().meta({ description: `Of these, within ${within / 1_000} s.` }),
    worst_ms: z.int().nullable().meta({ description: "The latest of them; null: there were none." }),
  });

const schoolHealth = once(() => {
  const waiting = z.object({ count: z.number(), oldest_at: timeOut.nullable() });
  return z
    .object({
      ok: z.boolean(),
      problems: z.array(
        z.object({
          code: z.string().meta({
            description:
              "`automation_stopped`, `lms_broken`, `quota_used_up`, `deliveries_late`, `waits_late`, `dead_letters`, and for each channel " +
              "`<channel>_not_set_up`, `<channel>_failing`.",
          }),
          message: z.string().meta({ description: "In words, for an admin." }),
          since: timeOut.nullable(),
          count: z.number().meta({
            description: "How many are concerned; of a channel or the LMS, how often it was met, at least.",
          }),
          automations: z.array(z.string()).optional().meta({ description: "Which, the first ten." }),
        }),
      ),
      backlog: z.object({
        deliveries: waiting.meta({ description: "On their way out." }),
        waits: waiting.meta({ description: "Users whose next step is overdue by a minute." }),
      }),
      lateness: z
        .object({
          deliveries: lateness(IN_TIME_MS.deliveries).meta({
            description: "From the step to the end of the first attempt; mail that waited for its hour too.",
          }),
          log: lateness(IN_TIME_MS.log).meta({ description: "From the end of a run until it stood in the log." }),
        })
        .nullable()
        .meta({ description: "How late things were in the last week; null in a test school, whose clock is its own." }),
      next: z
        .array(z.object({ at: timeOut, run_id: z.string(), automation_id: z.string(), user_id: z.string() }))
        .meta({ description: "The first runs that go on by themselves." }),
      days: z.array(dayFigures).meta({ description: "What happened on each of the last 14 days, today the last." }),
      coming: z
        .object({
          days: z.array(
            z.object({
              date: z.string(),
              at: timeOut.meta({ description: "When the first of them does." }),
              automation_id: z.string(),
              step_id: z.string().meta({ description: "The wait that ends." }),
              count: z.int().meta({ description: "How many learners." }),
            }),
          ),
          more: z.boolean().meta({ description: "More comes than was looked at." }),
        })
        .meta({
          description:
            "What goes on by itself within 30 days, by day, automation and wait: of each learner the next, of the first 1,000 " +
            "learners. By the school's calendar.",
        }),
      costs: monthCosts(),
      warnings: z.array(z.string()).optional(),
    })
    .meta({ component: "Health" });
});

export const healthRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/health",
    scope: "read",
    summary: "How the school does: what is wrong, what waits, what comes next.",
    description:
      "`ok` while nothing is wrong. Owners are mailed once a day while something is, and at once when an automation stops " +
      "itself; `warnings` say what keeps them from being mailed, and, for a day, that more than four fifths of the quota came within ten seconds. Counts end at 1,000.",
    answers: () => ({ 200: schoolHealth() }),
    handle: async ({ env, school }) => {
      const { id, settings } = school;
      const [{ problems, backlog, lateness: late, next, warnings }, days, coming, costs] = await Promise.all([
        healthOf(env, school),
        daysOfSchool(env, school, DAYS),
        findComing(env, { id, timezone: settings.timezone }, nowOf(school)),
        costsOf(env, [id]),
      ]);
      return ok({
        ok: problems.length === 0,
        problems: problems.map(({ since, ...one }) => ({ ...one, since: since === null ? null : rfc3339(since) })),
        backlog: { deliveries: waitingOf(backlog.deliveries), waits: waitingOf(backlog.waits) },
        lateness: late && { deliveries: latenessOf(late.deliveries), log: latenessOf(late.log) },
        next: next.map(({ at, run, automation, user }) => ({
          at: rfc3339(at),
          run_id: run,
          automation_id: automation,
          user_id: user,
        })),
        days,
        coming: {
          days: coming.days.map(({ at, automation, step, ...one }) => ({
            ...{ ...one, at: rfc3339(at), automation_id: automation, step_id: step },
          })),
          more: coming.more,
        },
        costs: costs.get(id) ?? [],
        ...(warnings.length ? { warnings } : {}),
      });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/health",
    scope: "none",
    summary: "Whether the Worker is set up.",
    description:
      "503 where it is not, as is then every other request: `detail` names what is missing. `warnings` say what does " +
      "not work for want of something that may be left out.",
    answers: () => ({ 200: z.object({ ok: z.literal(true), warnings: z.array(z.string()).optional() }) }),
    handle: async ({ env }) => {
      await requireMigrated(env);
      const warnings = [
        ...(platformMail(env) ? [] : [NO_MAIL]),
        ...(variablesOf(env).EVIDENCE_KEY === undefined ? [NO_EVIDENCE] : []),
        (await rotationWarning(env)) ?? [],
        await nearlyFullNow(env),
      ].flat();
      return ok({ ok: true, ...(warnings.length ? { warnings } : {}) });
    },
  }),
];
