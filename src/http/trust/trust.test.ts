import { expect, test } from "vitest";
import { TABLES } from "../../../durable-objects/store/tables";
import { setNow } from "../../../test/workers/live";
import { faultsOfEnv } from "../../base/env";
import { channels } from "../../catalogue/channels";
import { newLearner } from "../../catalogue/facts/facts";
import { connectors } from "../../connectors";
import worker from "../../index";
import { HELD } from "../../journal/held/held";
import { guides } from "../generated/guides";
import { call, env } from "../test-client";
import { KNOWN } from "./facts";

test("the privacy page names every place where something of a learner lies, and every way that it may leave by", async () => {
  const { status, headers, text } = await call(worker, "GET", "/privacy");
  expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  for (const table of [...Object.keys(HELD), ...Object.keys(TABLES)]) expect(text).toContain(`<code>${table}</code>`);
  for (const { label } of channels) expect(text).toContain(`<th scope="row">${label}</th>`);
  for (const { label, host } of connectors) if (host({}, {}) !== null) expect(text).toContain(label);
  expect(text).not.toContain("Keep, do not send");
  expect(text).toMatch(/when a mail was first opened and a link followed, where the school asks for it/);
  expect(text).toMatch(/light or dark\s+another, choosing a language a third; there are no others/);
  for (const [, words] of Object.values(KNOWN)) expect(text).toContain(words.replaceAll("'", "&#39;"));
  for (const days of ["90 days unless", "7 days", "30 days", "24 hours"]) expect(text).toContain(days);
  expect(Object.keys(KNOWN).sort()).toEqual(Object.keys(newLearner("anna", 0, 0)).sort());
});

test("the page on privacy in the documentation names each of the tables too", () => {
  const page = guides.get("privacy")?.html ?? "";
  const missing = [...Object.keys(HELD), ...Object.keys(TABLES)].filter(
    (name) => !page.includes(`<code>${name}</code>`),
  );
  expect(missing).toEqual([]);
});

const withContact = (contact: string) => ({ ...env, SECURITY_CONTACT: contact });
const PATH = "/.well-known/security.txt";

test("security.txt says whom to tell, and holds for half a year from the day it is read", async () => {
  const day = Date.UTC(2027, 0, 10);
  setNow(day + 5_000);
  const first = await call(worker, "GET", PATH, undefined, { env: withContact("security@acme.com") });
  expect(first.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(first.text.split("\n").slice(0, 2)).toEqual([
    "Contact: mailto:security@acme.com",
    "Expires: 2027-07-09T00:00:00.000Z",
  ]);
  expect(first.text).toMatch(/^Canonical: http.*\/\.well-known\/security\.txt$/m);
  setNow(day + 86_400_000 * 200);
  const later = await call(worker, "GET", PATH, undefined, { env: withContact("https://acme.com/report") });
  expect(later.text.split("\n").slice(0, 2)).toEqual([
    "Contact: https://acme.com/report",
    "Expires: 2028-01-25T00:00:00.000Z",
  ]);
});

test("there is no security.txt where nobody is named, and one who cannot be told is refused at once", async () => {
  expect((await call(worker, "GET", PATH)).status).toBe(404);
  expect(faultsOfEnv(withContact("whoever it concerns"))[0]).toMatch(/^SECURITY_CONTACT is not as it must be/);
  expect(faultsOfEnv(withContact("http://acme.com/report"))).toHaveLength(1);
});

test("the policy that security.txt and the documentation speak of is served", async () => {
  const policy = await call(worker, "GET", "/docs/guides/security");
  expect([policy.status, policy.text.includes("<h1>Security</h1>")]).toEqual([200, true]);
});
