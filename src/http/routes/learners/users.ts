import * as z from "zod";
import { attributes } from "../../../catalogue/account/attributes";
import { ownView, ownViewOf } from "../../../catalogue/shown/own-view";
import { presentedUser } from "../../../catalogue/shown/present";
import { markedUser, userWithGivers } from "../../../catalogue/shown/present-givers";
import { pageOf, pageOfArray, turnableListQuery } from "../../../db/lists/list";
import { recordDone } from "../../../schools/audit/audit";
import { changeUser, faultsOfFields, readOwn, readUser, readUserWithGivers } from "../../../users/change";
import { userId } from "../../../users/events/event";
import { ingest } from "../../../users/events/ingest";
import { listUsers } from "../../../users/finding/list";
import { readDataLayer, readInbox } from "../../../users/inbox";
import { mergeUsers } from "../../../users/merging/merge";
import { eraseUser } from "../../../users/past/erase";
import { exportUser } from "../../../users/past/export";
import { timelineEntry, timelineOf } from "../../../users/past/timeline";
import { handOf, whoOf, writerOf } from "../../access/credentials";
import { wantedBy } from "../../reading/prefer";
import { defineRoute, noContent, ok, streamed } from "../../route";
import { answered, eventAnswer } from "../inbound/event-answer";

const message = z.looseObject({ id: z.string(), created_at: z.string(), body: z.string() });
const text = z.string().min(1).max(300).optional();
const handBody = z.strictObject({ type: z.string(), data: z.record(z.string(), z.unknown()).optional() });

/** Users: the learners of a school. */
export const userRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/users",
    scope: "read",
    summary: "List users, oldest first; those who bear a mark, by their ids, with who gave it.",
    query: turnableListQuery.extend({ q: text, tag: text, segment: text, course: text }),
    answers: () => ({ 200: pageOf(markedUser) }),
    handle: async ({ env, school, query }) => ok(await listUsers(env, school, query)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/users/:id",
    scope: "read",
    summary: "Get a user, with who gave what is held.",
    answers: { 200: userWithGivers },
    handle: async ({ env, school, params }) => ok(await readUserWithGivers(env, school, params.id)),
  }),
  defineRoute({
    method: "PUT",
    path: "/v1/users/:id",
    scope: "write",
    summary: "Make a user, or merge attributes into one.",
    params: z.object({ id: userId }),
    makes: true,
    body: attributes,
    faultsBeside: ({ env, school }, { fields }) => faultsOfFields(env, school, { fields }),
    audits: { what: "user.changed", byHand: true },
    answers: { 200: presentedUser },
    handle: async ({ env, school, params, body, credential }) =>
      ok(await changeUser(env, school, params.id, body, writerOf(credential))),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/users/:id/events",
    scope: "write",
    summary: "Do something to a user by hand.",
    description:
      "An event by its type, as our own word: what it changes is told to the LMS, with the cause `hand`. " +
      "In an event as such it is the LMS that tells us.",
    params: z.object({ id: userId }),
    body: handBody,
    audits: { what: "user.changed" },
    takesHeaders: ["Prefer"],
    answers: { 200: eventAnswer },
    handle: async ({ env, school, params, body, headers, credential, trace }) => {
      await readUser(env, school, params.id);
      const event = { ...body, user: { id: params.id } };
      const wanted = wantedBy(headers, Date.now());
      return answered(
        await ingest(env, school, { kind: "hand", by: handOf(credential) }, event, wanted, trace),
        wanted,
      );
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/users/:id",
    scope: "write",
    summary: "Erase a user: state, runs, waits and personal data in logs. A later event starts afresh.",
    answers: { 204: null },
    handle: async ({ env, school, params, credential }) => {
      await eraseUser(env, school, params.id, whoOf(credential));
      return noContent();
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/users/:id/merge",
    scope: "write",
    summary: "Give everything of another user to this one.",
    description:
      "State, runs and log of `from` become this user's, as an LMS merges two accounts. What this user has stays, what is " +
      "empty is filled; consent is true only if neither said false; sources are united, progress is the greater. Nothing " +
      "starts; of an automation that runs once, or one at a time, the run of `from` exits (`merged`). `from` is gone then: " +
      "its id answers 404, and its events, PUT, imports and tokens are this user's until this one is deleted. Again is as once.",
    body: z.strictObject({ from: userId.meta({ description: "The user who is merged into this one." }) }),
    audits: { what: "user.merged", inBatch: true },
    answers: { 200: presentedUser },
    handle: async ({ env, school, params, body, entry }) => {
      const { user, isDone } = await mergeUsers(env, school, params.id, body.from);
      if (entry && isDone) await recordDone(env, entry);
      return ok(user);
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/users/:id/timeline",
    scope: "read",
    summary: "What happened to a user, and what followed.",
    query: turnableListQuery,
    answers: () => ({ 200: pageOf(timelineEntry) }),
    handle: async ({ env, school, params, query }) => {
      return ok(await timelineOf(env, school, params.id, query));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/users/:id/export",
    scope: "read",
    summary: "All that is held of a user.",
    answers: () => ({ 200: z.looseObject({ user: presentedUser }) }),
    handle: async ({ env, school, params }) => streamed(await exportUser(env, school, params.id)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/users/:id/messages",
    scope: "read",
    summary: "The school messages of a user.",
    query: turnableListQuery,
    answers: () => ({ 200: pageOf(message) }),
    handle: async ({ env, school, params, query }) => {
      await readUser(env, school, params.id);
      return ok(pageOfArray(query, await readInbox(env, school, params.id), (one) => one.id));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/me",
    scope: "user",
    summary: "The user of the token, as far as the school shows.",
    description: "id, username, enrolments and courses; tags, fields and segments where `settings.visible` lists them.",
    answers: { 200: ownView },
    handle: async ({ env, school, credential }) =>
      ok(ownViewOf(await readOwn(env, school, credential.user), school.settings.visible)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/me/messages",
    scope: "user",
    summary: "The school messages of the token's user.",
    query: turnableListQuery,
    answers: () => ({ 200: pageOf(message) }),
    handle: async ({ env, school, credential, query }) =>
      ok(
        pageOfArray(
          query,
          (await readInbox(env, school, credential.user)).map(({ run_id: _, ...one }) => one),
          (one) => one.id,
        ),
      ),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/me/data-layer",
    scope: "user",
    summary: "GTM events that wait for the page; each is handed over once.",
    answers: () => ({ 200: z.object({ data: z.array(z.record(z.string(), z.unknown())) }) }),
    handle: async ({ env, school, credential }) => ok({ data: await readDataLayer(env, school, credential.user) }),
  }),
];
