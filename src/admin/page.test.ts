import { createExecutionContext } from "cloudflare:test";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { env } from "../http/test-client";
import { FORM_OF } from "./components/forms/form";
import { mountPages, Pages } from "./page";
import type { AdminEnv, Visit } from "./visit";

/** An application with these pages, for somebody of a role. */
function appOf(role: Visit["role"], pages: readonly Pages[]) {
  const app = new Hono<AdminEnv>();
  app.use((c, next) => {
    // Of a visit only these are looked at here.
    c.set("visit", { role, school: { id: "acme" } } as Visit);
    return next();
  });
  app.onError((error, c) => c.text(error.message, 403));
  mountPages(app, pages);
  return async (method: string, path: string) =>
    (
      await app.request(
        path,
        { method, ...(method === "POST" ? { body: new URLSearchParams({ [FORM_OF]: "acme" }) } : {}) },
        env,
        createExecutionContext(),
      )
    ).text();
}

const pagesAt = (...paths: string[]): Pages => {
  const pages = new Pages();
  for (const path of paths) pages.get(path, "viewer", (c) => c.text(path));
  return pages;
};

test("what is written out is found before what is a parameter, in whatever order both are declared", async () => {
  const [first, second] = [pagesAt("/runs/:id", "/:what/new"), pagesAt("/runs/new", "/runs")];
  for (const pages of [
    [first, second],
    [second, first],
  ]) {
    const ask = appOf("viewer", pages);
    expect(await ask("GET", "/runs/new")).toBe("/runs/new");
    expect(await ask("GET", "/runs/run_1")).toBe("/runs/:id");
    expect(await ask("GET", "/rules/new")).toBe("/:what/new");
  }
});

test("a page asks for its role", async () => {
  const pages = new Pages();
  pages.post("/runs/:id/retry", "editor", (c) => c.text("done"));
  expect(await appOf("viewer", [pages])("POST", "/runs/run_1/retry")).toMatch(/takes the role editor/);
  expect(await appOf("owner", [pages])("POST", "/runs/run_1/retry")).toBe("done");
});

test("the same page twice is a mistake", () => {
  expect(() => appOf("viewer", [pagesAt("/runs"), pagesAt("/runs")])).toThrow("GET /runs is declared twice");
});
