import { expect } from "vitest";
import { ROLES, type Role } from "../../http/access/credentials";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { call, env, newSchool } from "../../http/test-client";
import { startSession } from "../../schools/sign-in/sessions";
import { mountAdmin } from "../app";
import { pagesOfSchools } from "./index";

/* For tests: a school that has one of everything, and its pages. */

export const app = createApp(routes);
mountAdmin(app, routes);

const emailOf = (role: string): string => `${role}@school.com`;

/**
 * A school that has one of everything, and the ids of these by the first part of their pages' addresses.
 * @param fill puts more into it before
 */
export async function schoolWithAll(fill: (school: string) => Promise<void> = () => Promise.resolve()) {
  const school = await newSchool(app, {
    collaborators: ROLES.map((role) => ({ email: emailOf(role), role })),
    mail_pieces: [{ id: "signature", name: "Signature", body: "Yours" }],
  });
  await fill(school.id);
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

/** Who is signed in to it, by their role. */
export const headersOf = async (role: Role) => ({
  cookie: `__Host-schoolbell=${await startSession(env, emailOf(role))}`,
});

/** Every page of a school that is looked at, as the address of one in a school that has one of everything. */
export const pagesWith = (ids: ReadonlyMap<string, string>): { role: Role; pattern: string; path: string }[] =>
  pagesOfSchools
    .flatMap(({ declared }) => declared)
    .filter(({ method }) => method === "GET")
    .map(({ path, role }) => ({
      role,
      pattern: path,
      path: path.replace(
        /^\/(.+?)\/:[a-z]+/,
        (_, room: string) => `/${room}/${encodeURIComponent(ids.get(room) ?? "none")}`,
      ),
    }));
