// For every route, what it takes where all is well: the tests break it from there. `of` holds ids (see sampleOf).
import { SHARED } from "./school.mjs";

/** Ids that are the school's own choice, by path and parameter. */
const CHOSEN = {
  "users/:id": "user",
  "segments/:id": "segment",
  "segments/:user": "user",
  "profile-fields/:key": "field",
};

/** Where a user is made by being named. */
const MAKES_USER = "PUT /v1/users/:id";

const CSV = { type: "text/csv" };

const BODIES = {
  "POST /v1/schools": ({ unique }) => ({
    id: `made-${unique}`,
    name: "Made",
    mode: "test",
    now: "2026-01-05T09:00:00.000Z",
    settings: { timezone: "Europe/Athens" },
  }),
  "PATCH /v1/schools/:id": () => ({ suspended: false }),
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
  "PUT /v1/users/:id": () => ({
    username: "Anna",
    fields: { [SHARED.field]: "Sales" },
    timezone: "Europe/Athens",
    marketing_consent: true,
  }),
  "POST /v1/automations": ({ course, segment }) => automation(course, segment),
  "PUT /v1/automations/:id": ({ course, segment }) => automation(course, segment),
  "PATCH /v1/automations/:id": () => ({ name: "Renamed", description: "…" }),
  "POST /v1/automations/:id/enrol": ({ user }) => ({ users: [user] }),
  "POST /v1/automations/simulate": ({ automations, user }) => ({ automation_id: automations, user, for: "P7D" }),
  "POST /v1/automations/:id/backtest": () => ({ days: 7 }),
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
  "POST /v1/users/import": ({ user }) => ({
    ...CSV,
    text: `id,username,tags,fields.${SHARED.field}\n${user},Anna,a|b,Sales\n`,
  }),
  "POST /v1/segments/import": ({ unique }) => ({ ...CSV, text: `id,name\nby-file-${unique},By file\n` }),
  "POST /v1/segments/members/import": ({ user, segment }) => ({
    ...CSV,
    text: `user,segment,action\n${user},${segment},add\n`,
  }),
};

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
});

/**
 * Where a route is called and with what, its ids those of `of`: {path, body?, type?, missing}. `missing` says which samples
 * this file lacks. Where a user would be made, it is `of.guest`, if given.
 */
export function sampleOf(route, name, of) {
  const missing = [];
  const path = route.path.replaceAll(/:([^/]+)/g, (whole, param) => {
    const subject = route.path.replace(/^\/(?:v1|admin\/api)\//, "").split("/")[0];
    const chosen = CHOSEN[`${subject}/${whole}`];
    const id =
      name === MAKES_USER && of.guest
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
  if (route.bodyKind === "none") return { path, missing };
  const make = BODIES[name];
  if (!make) return { path, missing: [...missing, `body of ${name}`] };
  const made = make({ ...of, user: of.guest ?? of.user });
  return made.type
    ? { path, body: made.text, type: made.type, missing }
    : { path, body: made, type: "application/json", missing };
}

/** The names of bodies that no route has: leftovers. */
export const leftovers = (names) => Object.keys(BODIES).filter((name) => !names.has(name));
