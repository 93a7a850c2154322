import { canonical } from "../../base/json";
import type { ToldName } from "../../catalogue/facts/told-names";
import { tagKey } from "../../catalogue/tags/key";
import { asUnmapped, eventId, type InboundEvent, type Mapped } from "../mapped";
import { defined, idIn, type Loose, objectIn, textIn, userIdIn } from "../read";
import { pastTime } from "../times";
import { bought, canceled, changed, namesIn, recurring, trialBegun, trialWillEnd, unenrolled } from "./products";
import { type Make, type Situation, timed, type WebhookEvent } from "./told";
import { attributesOf, createdAt, newsOf, type SeenUser, secondsIn, seenUserIn, tagsOfUser, userIn } from "./user";

/*
 * The webhooks of LearnWorlds, by their `type`. Most have no id and some no time: one event is known by what it says,
 * or is new each time, and then facts fire on change only.
 */

/** What a webhook comes to, and what is to be remembered of it. */
export interface MappedWebhook {
  mapped: Mapped;
  seen: SeenUser;
}

// ---- Learning ----

const courseIn = (data: Loose) => defined({ course: idIn(objectIn(data.course).id) });

const certified: Make = ({ data }) => {
  const { id, course_id, issued } = objectIn(data.certificate);
  const certificate = idIn(id);
  const at = secondsIn(issued);
  return [
    {
      type: "certificate.awarded",
      data: defined({ course: idIn(course_id), certificate }),
      ...(certificate === undefined ? {} : { key: [certificate] }),
      at,
    },
  ];
};

// ---- The user ----

const RECENT_S = 3_600;

/** A sign-up and a change look alike: who was made just now has signed up, and does so once. */
const signedUpOrUpdated: Make = ({ user, now }) => {
  const created = createdAt(user);
  return created !== undefined && Math.abs(now / 1_000 - created) < RECENT_S
    ? [{ type: "user.signed_up", data: {}, at: created }]
    : [{ type: "user.updated", data: {} }];
};

const MAX_TAGS = 200;
const ofTags = (type: string, tags: readonly string[]): WebhookEvent[] =>
  tags.length
    ? Array.from({ length: Math.ceil(tags.length / MAX_TAGS) }, (_, n) => ({
        type,
        data: { tag: tags.slice(n * MAX_TAGS, (n + 1) * MAX_TAGS) },
      }))
    : [{ type: "user.updated", data: {} }];

const tagged: Make = ({ user }) => ofTags("tag.added", tagsOfUser(user));

/** Tags that LearnWorlds never had are not its to take. */
const untagged: Make = ({ user, seen }) => {
  const left = new Set(tagsOfUser(user).map(tagKey));
  return ofTags("tag.removed", seen?.tags.filter((tag) => !left.has(tagKey(tag))) ?? []);
};

const lead: Make = ({ data }) => {
  const page = textIn(data.page_submitted);
  const address = textIn(data.email);
  const draft = timed("form.submitted", { form: `learnworlds:${page ?? "form"}`, kind: "marketing" }, data.created);
  return [{ ...draft, user: defined({ email: address }) }];
};

const TAGS_TYPES = ["userTagAdded", "userTagDeleted"];
const TYPES = new Map<string, Make>([
  ["userUpdated", signedUpOrUpdated],
  ["productBought", bought],
  ["paymentCreated", bought],
  ["enrolledFreeCourse", ({ data }) => [timed("course.enrolled", { ...courseIn(data), paid: false }, data.date)]],
  ["leadCreated", lead],
  ["awardedCertificate", certified],
  ["courseCompleted", ({ data }) => [timed("course.completed", courseIn(data), data.completed_at)]],
  ["subscriptionPaymentPlanBought", recurring],
  ["subscriptionPaymentPlanCanceled", canceled],
  ["subscriptionTrialStarted", trialBegun],
  ["subscriptionTrialWillEnd", trialWillEnd],
  ["previewedFree", ({ data }) => [{ type: "course.previewed", data: courseIn(data) }]],
  ["subscriptionUpdated", changed],
  ["userUnenrolledFromProduct", unenrolled],
  ["userTagAdded", tagged],
  ["userTagDeleted", untagged],
]);

/** Maps a webhook by its type. */
export async function mapLearnworlds(body: unknown, situation: Situation): Promise<MappedWebhook> {
  const { type: name, data: given } = objectIn(body);
  const type = textIn(name);
  const data = objectIn(given);
  const user = userIn(data);
  const { now, seen: before } = situation;
  const seen = seenUserIn(user, before, type !== undefined && TAGS_TYPES.includes(type));
  if (type === undefined) return { mapped: asUnmapped("no type"), seen };
  const drafts = TYPES.get(type)?.({ ...situation, type, data, user }) ?? [];
  if (!drafts.length) return { mapped: asUnmapped(type, idIn(user.id)), seen };
  for (const draft of drafts) {
    const { subscription } = draft.data;
    if (draft.type === "trial.started" && typeof subscription === "string" && !seen.trials.includes(subscription))
      seen.trials = [...seen.trials, subscription];
  }
  const id = userIdIn(user.id);
  const isLead = drafts.some((draft) => draft.user);
  if (id === undefined && !isLead) return { mapped: asUnmapped(`${type} (nobody)`), seen };
  const whole = { ...defined({ id }), ...attributesOf(user, now) };
  const news = isLead ? [] : newsOf(before, seen, now);
  const names = namesIn(data);
  const events = await Promise.all(
    [...drafts, ...news].map(async (draft, index): Promise<InboundEvent> => {
      const { key, at } = draft;
      const named = "id" in draft ? draft.id : key && `lw:${draft.type}:${canonical([id ?? null, ...key.map(known)])}`;
      const who = "user" in draft && draft.user ? draft.user : index === 0 ? whole : defined({ id });
      return {
        ...(named === undefined ? {} : { id: await eventId(named) }),
        type: draft.type,
        user: who,
        data: { ...titleOf(draft.data, names), ...(await withShortForm(draft.data)) },
        ...defined({ occurred_at: pastTime(at === undefined ? undefined : at * 1_000, now) }),
      };
    }),
  );
  return { mapped: { events, ...(names.length ? { names } : {}) }, seen };
}

/** What the product that data speaks of is called, for messages to say. It is no part of what copies are known by. */
function titleOf(data: Record<string, unknown>, names: readonly ToldName[]): { title?: string } {
  const ids = [data.course, data.bundle, data.subscription, data.product];
  const title = names.find(([, id]) => ids.includes(id))?.[2];
  return title === undefined ? {} : { title };
}

const known = (value: unknown): unknown => value ?? null;

/** A form's name is made of a page's address, of whatever length. */
const withShortForm = async (data: Record<string, unknown>) =>
  typeof data.form === "string" ? { ...data, form: await eventId(data.form) } : data;
