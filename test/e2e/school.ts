import { expect, type Page } from "@playwright/test";

/* A school for a browser test: made over the API, entered through the sign-in link. */

export const base = (): string => process.env.E2E_URL ?? "";

/** Calls the API; throws what it refuses. */
export async function call<T = unknown>(token: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(base() + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  // Whoever calls knows what the route answers.
  return (text === "" ? null : JSON.parse(text)) as T;
}

export interface TestSchool {
  id: string;
  /** Where its pages are. */
  home: string;
  key: string;
  email: string;
}

let made = 0;

const TEST = { mode: "test", now: "2026-01-05T09:00:00.000Z" } as const;

/** A new school, in test mode unless told, whose owner is `email`; others may be named by role. */
export async function newSchool(
  others: Readonly<Record<string, string>> = {},
  mode: { mode: "live" } | typeof TEST = TEST,
): Promise<TestSchool> {
  const n = ++made;
  const email = `owner-${process.pid}-${n}@school.example`;
  const collaborators = [
    { email, role: "owner" },
    ...Object.entries(others).map(([role, one]) => ({ email: one, role })),
  ];
  const { school, api_key: key } = await call<{ school: { id: string }; api_key: string }>(
    process.env.E2E_TOKEN ?? "",
    "POST",
    "/v1/schools",
    { name: `School ${n}`, ...mode, settings: { collaborators } },
  );
  return { id: school.id, home: `${base()}/admin/s/${school.id}`, key, email };
}

/** Signs in by the link, as somebody at the keyboard does. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto(`${base()}/admin`);
  await page.getByLabel("Your email address").fill(email);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await page.getByRole("link", { name: "Open the link" }).click();
  await expect(page.getByText(email)).toBeVisible();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await page.locator(".top-sections > a", { hasText: "Automations" }).click();
  await page.waitForLoadState("load");
  await expect(page.getByRole("heading", { level: 1, name: "Automations" })).toBeVisible();
}
