import { expect, test } from "vitest";
import { createApp } from "../../http/app";
import { ROLES, type Role } from "../../http/credentials";
import { routes } from "../../http/routes";
import { call, env, newSchool } from "../../http/test-client";
import { startSession } from "../../schools/sign-in/sessions";
import { addressIn } from "../address";
import { mountAdmin } from "../app";
import { FORM_OF } from "../components/form";
import { pagesOfSchools } from "./index";

const app = createApp(routes);
mountAdmin(app, routes);

const emailOf = (role: string): string => `${role}@school.com`;

/** A school that has one of everything, and the ids of these by the first part of their pages' addresses. */
async function schoolWithAll() {
  const school = await newSchool(app, {
    collaborators: ROLES.map((role) => ({ email: emailOf(role), role })),
    mail_pieces: [{ id: "signature", name: "Signature", body: "Yours" }],
  });
  const send = async (path: string, body: unknown) => {
    const { status, text, body: made } = await call(app, "POST", `/v1${path}`, body, { token: school.key });
    expect(status, text).toBeLessThan(300);
    return made;
  };
  await send("/profile-fields", { key: "department", name: "Department", type: "choice", choices: ["Sales"] });
  const segment = await send("/segments", { name: "Sales", managed: true });
  const where = [{ field: "department", op: "is", value: "Sales" }];
  const rule = await send("/segment-rules", { segment: segment.id, match: "all", where });
  const sync = await send("/segment-syncs", { name: "To js", segment: segment.id, course: "js-101" });
  await send("/courses/js-101/enrolment-methods", { key: "open" });
  const autoGroup = await send("/auto-groups", { course: "js-101", field: "department" });
  const automation = await send("/automations", {
    name: "Welcome",
    active: true,
    synchronous: true,
    when: [{ type: "course.enrolled", courses: ["js-101"] }],
    only_if: { not: { type: "user.is_paying" } },
    then: [
      { id: "mail", type: "email.user", subject: "Hello", body: "<p>Hello</p>", kind: "transactional" },
      { id: "wait", type: "wait", for: "P1D" },
    ],
  });
  const { runs } = await send("/events", {
    type: "course.enrolled",
    user: { id: "anna", email: "anna@school.com", fields: { department: "Sales" } },
    data: { course: "js-101" },
  });
  await call(app, "PATCH", `/v1/automations/${automation.id}`, { then: [] }, { token: school.key });
  const product = { name: "JavaScript 101", url: "https://school.test/js-101" };
  await call(app, "PUT", "/v1/products/course/js-101", product, { token: school.key });
  const firstOf = async (path: string): Promise<string> =>
    (await call(app, "GET", `/v1${path}`, undefined, { token: school.key })).body.data[0].id;
  return {
    ...school,
    ids: new Map<string, string>([
      ["automations", automation.id],
      ["courses", "js-101"],
      ["deliveries", await firstOf("/deliveries")],
      ["import", "users"],
      ["jobs", await firstOf("/jobs")],
      ["learners", "anna"],
      ["products", "course"],
      ["rules", rule.id],
      ["runs", runs[0].id],
      ["segments", segment.id],
      ["settings/connectors", "email"],
      ["settings/fields", "department"],
      ["settings/pieces", "signature"],
      ["syncs", sync.id],
      ["auto-groups", autoGroup.id],
      ["templates", await firstOf("/templates")],
    ]),
  };
}

/** What is of the platform, and so of no school. */
const OUTSIDE = /^\/admin\/(?:schools|theme|language|sign-out|assets\/[a-z.]+)$/;

/** What of a page leads out of its school, and forms that do not say of which school they are. */
function leadingAstray(text: string, school: string): string[] {
  const home = addressIn(school, "");
  const isIn = (to: string) => to === home || to.startsWith(`${home}/`);
  const links = [...text.matchAll(/ (?:href|src|action|data-api)="([^"]*)"/g)].map(([, to = ""]) => to);
  const forms = [...text.matchAll(/<form method="post"([^>]*)>(<input[^>]*>)?/g)];
  return [
    ...links.filter((to) => !isIn(to) && !OUTSIDE.test(to) && !/^(?:#|data:,)/.test(to)),
    ...forms.flatMap(([all, attributes = "", first = ""]) => {
      const to = / action="([^"]*)"/.exec(attributes)?.[1] ?? "";
      const says = first.includes(`name="${FORM_OF}" value="${school}"`);
      return OUTSIDE.test(to) || (isIn(to) && says) ? [] : [all];
    }),
  ];
}

/** The first page leads home, and what asks before an automation sends has nothing to ask in a test school. */
const LEADING_ON: ReadonlySet<string> = new Set(["/", "/switch-on"]);

test("every page of a school that has one of everything is shown to the least of those it is declared for, and leads to no other school", async () => {
  const { id: school, ids } = await schoolWithAll();
  const headersOf = async (role: Role) => ({
    cookie: `__Host-schoolbell=${await startSession(env, emailOf(role))}`,
  });
  const headers = new Map(await Promise.all(ROLES.map(async (role) => [role, await headersOf(role)] as const)));
  const pages = pagesOfSchools
    .flatMap(({ declared }) => declared)
    .filter(({ method }) => method === "GET")
    .map(({ path, role }) => ({
      role,
      path: path.replace(
        /^\/(.+?)\/:[a-z]+/,
        (_, room: string) => `/${room}/${encodeURIComponent(ids.get(room) ?? "none")}`,
      ),
    }));
  const asked: typeof pages = [
    { role: "viewer", path: "/automations?q=touches:course:js-101" },
    { role: "viewer", path: `/automations/${ids.get("automations")}/why?user=anna@school.com` },
    { role: "viewer", path: "/map?about=course:js-101" },
    { role: "viewer", path: `/map?about=automation:${ids.get("automations")}&depth=2` },
    { role: "viewer", path: "/map?q=a" },
    { role: "viewer", path: `/executions?step=mail&automation=${ids.get("automations")}` },
    { role: "viewer", path: `/learners/anna/why?automation=${ids.get("automations")}` },
    { role: "viewer", path: "/learners?q=anna&tag=vip" },
    { role: "viewer", path: "/products/course/js-101" },
    { role: "viewer", path: "/products?type=course&q=java" },
    { role: "owner", path: "/settings/audit?what=automation.created" },
    { role: "viewer", path: "/settings/connectors/email?type=smtp" },
  ];
  const failed: string[] = [];
  const astray: string[] = [];
  for (const { path, role } of [...pages, ...asked]) {
    const options = { headers: headers.get(role) ?? {} };
    const { status, text } = await call(app, "GET", addressIn(school, path), undefined, options);
    if (status !== (LEADING_ON.has(path) ? 303 : 200))
      failed.push(`${status} ${path}: ${/<b>(.*?)<\/b>/.exec(text)?.[1] ?? ""}`);
    astray.push(...leadingAstray(text, school).map((what) => `${path}: ${what}`));
  }
  expect(failed).toEqual([]);
  expect(astray).toEqual([]);
});
