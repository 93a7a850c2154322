import { expect, test } from "vitest";
import { ROLES } from "../../http/access/credentials";
import { call } from "../../http/test-client";
import { addressIn } from "../address";
import { FORM_OF } from "../components/forms/form";
import { app, headersOf, pagesWith, schoolWithAll } from "./test-school";

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
  const headers = new Map(await Promise.all(ROLES.map(async (role) => [role, await headersOf(role)] as const)));
  const pages = pagesWith(ids);
  const asked: Omit<(typeof pages)[number], "pattern">[] = [
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
