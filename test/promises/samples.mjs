// For every route, what it takes where all is well: the tests break it from there. `of` holds ids (see sampleOf).
import { SHARED } from "./school.mjs";

/** Ids that are the school's own choice, by path and parameter. */
const CHOSEN = {
  "users/:id": "user",
  "segments/:id": "segment",
  "segments/:user": "user",
  "profile-fields/:key": "field",
  "hooks/:key": "hook_key",
  "courses/:id": "course",
  "courses/:method": "method",
  "products/:type": "product_type",
  "products/:id": "course",
  "evidence/:job": "evidence",
};

/** Where something is made by being named. */
const MAKES_NAMED = new Set(["PUT /v1/users/:id", "PUT /v1/products/:type/:id"]);

const CSV = { type: "text/csv" };
const SPAN = { from: "2026-01-05T00:00:00.000Z", to: "2026-01-05T08:00:00.000Z" };

/** A message of the Segment spec, of any type. */
const segment = (user, id) => ({
  messageId: `segment-${id}`,
  userId: user,
  timestamp: "2026-01-05T08:00:00.000Z",
  event: "Lesson Completed",
  properties: { course_id: "c1", lesson: 3 },
  traits: { name: "Anna", plan: "pro", tags: ["vip"] },
  groupId: "g1",
});
const SEGMENT = ["track", "identify", "group", "page", "screen", "alias"];

const BODIES = {
  "POST /v1/schools": ({ unique }) => ({
    id: `made-${unique}`,
    name: "Made",
    mode: "test",
    now: "2026-01-05T09:00:00.000Z",
    settings: { timezone: "Europe/Athens" },
  }),
  "PATCH /v1/schools/:id": () => ({ suspended: false }),
  "POST /v1/schools/:id/log": () => ({ to: "main" }),
  "PATCH /v1/school": () => ({
    settings: { description: "Changed", timezone: "Europe/Athens", log_retention_days: 30 },
  }),
  "POST /v1/api-keys": () => ({ name: "Key", scopes: ["read"] }),
  "POST /v1/test-clock": () => ({ advance: "PT0S" }),
  "POST /v1/events": ({ user, course, unique, email }) => ({
    id: `event-${unique}`,
    type: "course.enrolled",
    user: { id: user, username: "Anna", ...(email ? { email } : {}), fields: { [SHARED.field]: "Sales" } },
    data: { course },
    occurred_at: "2026-01-05T08:00:00.000Z",
  }),
  "POST /v1/events/batch": ({ user, unique }) => ({
    events: [
      { id: `batch-${unique}-1`, type: "custom.step", user: { id: user }, data: { n: 1, list: [1, "two", null] } },
      { id: `batch-${unique}-2`, type: "tag.added", user: { id: user }, data: { tag: ["vip"] } },
    ],
  }),
  "POST /v1/batch": ({ user, unique }) => ({
    batch: SEGMENT.map((type) => ({ type, ...segment(user, `${unique}-${type}`) })),
    sentAt: "2026-01-05T08:00:01.000Z",
  }),
  ...Object.fromEntries(
    SEGMENT.map((type) => [`POST /v1/${type}`, ({ user, unique }) => segment(user, `${unique}-${type}`)]),
  ),
  "PUT /v1/users/:id": () => ({
    username: "Anna",
    fields: { [SHARED.field]: "Sales" },
    timezone: "Europe/Athens",
    marketing_consent: true,
  }),
  "POST /v1/automations/bulk": () => ({ ids: ["none"], do: "activate" }),
  "POST /v1/users/:id/events": () => ({ type: "tag.added", data: { tag: "by-hand" } }),
  "POST /v1/users/:id/mails": ({ unique }) => ({
    id: `mail-${unique}`,
    subject: "Hi",
    body: "Dear {{ user.username }}.",
  }),
  "POST /v1/users/:id/merge": ({ user }) => ({ from: `${user}-from` }),
  "POST /v1/deliveries/retry": () => ({ status: "failed", count: 0 }),
  "POST /v1/automations": ({ course, segment }) => automation(course, segment),
  "PUT /v1/automations/:id": ({ course, segment }) => automation(course, segment),
  "PATCH /v1/automations/:id": () => ({ name: "Renamed", description: "…" }),
  "POST /v1/automations/:id/enrol": ({ user }) => ({ users: [user] }),
  "POST /v1/runs/:id/undo": () => ({ chain: false }),
  "POST /v1/automations/:id/undo": () => ({ since: "2026-01-05T08:00:00.000Z" }),
  "POST /v1/automations/simulate": ({ automations, user }) => ({ automation_id: automations, user, for: "P7D" }),
  "POST /v1/automations/:id/backtest": () => ({ days: 7 }),
  "POST /v1/automations/backtest": ({ course, segment }) => ({ automation: automation(course, segment), days: 7 }),
  "POST /v1/automations/:id/missed": () => ({ days: 7 }),
  "POST /v1/evidence": ({ course }) => ({ course, ...SPAN }),
  "POST /v1/templates/:id/use": () => ({ name: "Of a template", params: {} }),
  "PUT /v1/import": ({ unique, course, segment }) => ({
    segments: [{ id: `imported-${unique}`, name: "Imported" }],
    automations: [{ id: `imported_${unique}`, ...automation(course, segment), active: false }],
  }),
  "POST /v1/messages/preview": ({ user }) => ({
    subject: "Hi {{ user.username }}",
    body: "<p>{{ school.name }}</p>",
    user,
  }),
  "POST /v1/profile-fields": ({ unique }) => ({
    key: `key_${unique}`,
    name: "Choice",
    type: "choice",
    choices: ["a", "b"],
  }),
  "PATCH /v1/profile-fields/:key": () => ({ name: "Renamed" }),
  "POST /v1/segments": ({ unique }) => ({ id: `segment-${unique}`, name: "Made", managed: false }),
  // It is about all schools: a moment that has not come is refused.
  "POST /v1/restored": () => ({ to: "9999-01-01T00:00:00.000Z" }),
  "POST /v1/restored/users": ({ user }) => ({ school: "isolated-none", users: [user] }),
  "POST /v1/restored/object": ({ user }) => ({ school: "isolated-none", user, to: "2026-01-05T09:00:00.000Z" }),
  "POST /v1/secret-key/rotation": () => ({ keep_links: true }),
  "POST /v1/messages/test": ({ user }) => ({
    to: "nobody@school.example",
    subject: "Hi {{ user.username }}",
    body: "<p>{{ school.name }}</p>",
    user,
  }),
  "PATCH /v1/me/consent": () => ({ marketing_consent: true }),
  "POST /v1/webhooks/test": () => ({ url: "https://hooks.school.example/in" }),
  "PATCH /v1/segments/:id": () => ({ name: "Renamed" }),
  "POST /v1/segment-rules": ({ segment }) => ({
    segment,
    match: "any",
    where: [{ field: SHARED.field, op: "is", value: "Sales" }],
  }),
  "PATCH /v1/segment-rules/:id": () => ({ where: [{ field: "email_domain", op: "is_not", value: "acme.com" }] }),
  "POST /v1/segment-syncs": ({ segment, unique }) => ({
    name: "Sync",
    segment,
    course: `course-${unique}`,
    role: "student",
    active: false,
  }),
  "PATCH /v1/segment-syncs/:id": () => ({ name: "Renamed" }),
  "POST /v1/auto-groups": ({ unique }) => ({ course: `course-${unique}`, field: SHARED.field, active: false }),
  "PATCH /v1/auto-groups/:id": () => ({ active: true }),
  "POST /v1/lms/sync": () => ({ what: "courses" }),
  "POST /v1/lms/reconcile": ({ course }) => ({ course, missing_here: "theirs", dry_run: true }),
  "POST /v1/users/import": ({ user }) => ({
    ...CSV,
    text: `id,username,tags,fields.${SHARED.field}\n${user},Anna,a|b,Sales\n`,
  }),
  "POST /v1/segments/import": ({ unique }) => ({ ...CSV, text: `id,name\nby-file-${unique},By file\n` }),
  "POST /xapi/statements": (of) => [statement(of)],
  "PUT /xapi/statements": (of) => ({ ...statement(of), id: undefined }),
  "POST /hooks/learnworlds/:key": ({ user, course }) => ({
    version: 2,
    type: "productBought",
    trigger: "new_purchase",
    data: {
      payment: { id: "p1", price: 90, coupon: null, paid_at: 1767603600.5, product: { id: course, type: "course" } },
      user: {
        id: user,
        email: "anna@acme.com",
        username: "Anna",
        created: 1767600000.4,
        last_login: 1767603600.4,
        tags: ["vip"],
        fields: { cf_city: "Athens", bio: null },
        nps_score: 9,
        nps_comment: "Good.",
        signup_approval_status: "passed",
        subscribed_for_marketing_emails: null,
      },
    },
  }),
  "POST /hooks/moodle/:key": ({ user, course }) => ({
    eventname: "\\core\\event\\course_module_completion_updated",
    objectid: 1,
    contextinstanceid: 3,
    userid: "2",
    relateduserid: user,
    courseid: course,
    anonymous: 0,
    other: { completionstate: 1 },
    timecreated: 1767603600,
    host: "127.0.0.1",
    token: "",
  }),
  "PUT /v1/products/:type/:id": () => ({ name: "Named", url: "https://school.example/course" }),
  "POST /v1/products/import": ({ unique }) => ({ ...CSV, text: `type,id,name\ncourse,by-file-${unique},By file\n` }),
  "POST /v1/courses/:id/enrolment-methods": ({ unique }) => ({ key: `key ${unique}`, group: "g1", limit: 3 }),
  "PATCH /v1/courses/:id/enrolment-methods/:method": () => ({ active: true }),
  "POST /hooks/mail/postmark/:key": ({ unique }) => ({
    RecordType: "Bounce",
    Type: "HardBounce",
    TypeCode: 1,
    Email: `bounced-${unique.toLowerCase().replaceAll(/[^a-z0-9]/g, "")}@nobody.example`,
    Description: "The server was unable to deliver your message.",
    Metadata: { delivery: "run_0000-s1" },
  }),
  "POST /hooks/mail/resend/:key": () => ({
    type: "email.bounced",
    created_at: "2026-01-05T08:00:00.000Z",
    data: { email_id: "e1", to: ["bounced@nobody.example"], bounce: { type: "Transient", message: "mailbox full" } },
  }),
  // Nobody but Amazon can sign it: it is refused.
  "POST /hooks/mail/ses/:key": () => ({
    Type: "Notification",
    MessageId: "m1",
    TopicArn: "arn:aws:sns:eu-west-1:123456789012:bounces",
    Message: "{}",
    Timestamp: "2026-01-05T08:00:00.000Z",
    SignatureVersion: "2",
    Signature: "AAAA",
    SigningCertURL: "https://sns.eu-west-1.amazonaws.com.example.com/key.pem",
  }),
  "POST /v1/suppressions": ({ unique }) => ({
    address: `by-hand-${unique.toLowerCase().replaceAll(/[^a-z0-9]/g, "")}@nobody.example`,
    detail: "asked by phone",
  }),
  // A wrong one: a learner who enrols is made by it.
  "POST /v1/courses/:id/self-enrolments": () => ({ key: "guessed" }),
  "POST /v1/segments/members/import": ({ user, segment }) => ({
    ...CSV,
    text: `user,segment,action\n${user},${segment},add\n`,
  }),
};

/** What a route asks for beside its body. */
const HEADERS = {
  "POST /xapi/statements": { "x-experience-api-version": "1.0.3" },
  "PUT /xapi/statements": { "x-experience-api-version": "1.0.3" },
};

const statement = ({ user, course, unique }) => ({
  id: `00000000-0000-4000-8000-${[...unique]
    .map((letter) => letter.codePointAt(0).toString(16))
    .join("")
    .padStart(12, "0")
    .slice(-12)}`,
  actor: { objectType: "Agent", name: "Anna", account: { homePage: "https://school.example", name: user } },
  verb: { id: "http://adlnet.gov/expapi/verbs/passed", display: { en: "passed" } },
  object: {
    id: course.includes(":") ? course : `https://school.example/${course}`,
    definition: { name: { en: "Exam" } },
  },
  result: { success: true, score: { scaled: 0.5, raw: 5, min: 0, max: 10 } },
  context: {
    contextActivities: {
      parent: [{ id: "https://school.example/c", definition: { type: "http://adlnet.gov/expapi/activities/course" } }],
    },
  },
  timestamp: "2026-01-05T08:00:00.000Z",
});

const automation = (course, segment) => ({
  name: "Sample",
  description: "",
  active: true,
  synchronous: false,
  when: [{ type: "course.completed", courses: [course] }],
  only_if: {
    all: [{ type: "tags.has", tags: ["never"] }, { not: { type: "segment.is_member", segments: [segment] } }],
  },
  then: [
    { type: "email.user", subject: "Hi {{ user.username }}", body: "<p>{{ school.name }}</p>" },
    { type: "wait", for: "P2D", window: { days: ["mon"], from: "09:00", to: "17:00" } },
    { type: "branch", if: { type: "user.is_paying" }, yes: [{ type: "tags.add", tags: ["paying"] }], no: [] },
    {
      type: "wait_for",
      event: { type: "course.completed" },
      timeout: "P1D",
      on_event: [],
      on_timeout: [{ type: "exit" }],
    },
    {
      type: "split",
      paths: [
        { percent: 60, steps: [] },
        { percent: 40, steps: [{ type: "webhook.send", url: "https://example.com/hook" }] },
      ],
    },
  ],
  exit_when: [{ type: "payment.made" }],
  exit_if: null,
  reentry: "one_at_a_time",
});

/** Query parameters that name something; sent to every route that takes them. */
export const QUERY = ({ user, automations, runs, segment, tag, course }) => ({
  user,
  automation: automations,
  run: runs,
  segment,
  tag,
  course,
  q: user,
  dry_run: "true",
  kind: "tag",
  event: "signed-up-anna",
  statementId: "00000000-0000-4000-8000-000000000001",
});

/**
 * Where a route is called and with what, its ids those of `of`: {path, headers?, body?, type?, missing}. `missing` says which samples
 * this file lacks. Where a user would be made, it is `of.guest`, if given.
 */
export function sampleOf(route, name, of) {
  const missing = [];
  const path = route.path.replaceAll(/:([^/]+)/g, (whole, param) => {
    const subject = name.replace(/^[A-Z]+ \/(?:v1\/)?/, "").split("/")[0];
    const chosen = CHOSEN[`${subject}/${whole}`];
    const id =
      param === "school"
        ? of.school
        : MAKES_NAMED.has(name) && of.guest && param === "id"
          ? of.guest
          : subject === "templates"
            ? of.template
            : chosen
              ? of[chosen]
              : param === "id"
                ? of[subject]
                : undefined;
    if (id === undefined) missing.push(`path parameter ${whole} of ${name}`);
    return encodeURIComponent(id ?? "nothing");
  });
  if (route.bodyKind === "none" || route.bodyKind === "unread") return { path, missing };
  const make = BODIES[name];
  if (!make) return { path, missing: [...missing, `body of ${name}`] };
  const made = make({ ...of, user: of.guest ?? of.user });
  const headers = HEADERS[name];
  return made.type && made.text
    ? { path, headers, body: made.text, type: made.type, missing }
    : { path, headers, body: made, type: "application/json", missing };
}

/** The names of bodies that no route has: leftovers. */
export const leftovers = (names) => Object.keys(BODIES).filter((name) => !names.has(name));
