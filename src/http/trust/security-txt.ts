import { variablesOf } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { SAFE } from "../answering/sent-headers";
import type { App } from "../app";

const PATH = "/.well-known/security.txt";
const DAY_MS = 86_400_000;
/** It always holds for some months more, so that nobody need renew it; a year is the most that RFC 9116 advises. */
const HOLDS_DAYS = 180;

/** Serves whom holes in security are told to (RFC 9116); 404 where whoever runs the installation has named nobody. */
export function mountSecurityTxt(app: App): void {
  app.get(PATH, (c) => {
    const { SECURITY_CONTACT: contact, PUBLIC_URL: url } = variablesOf(c.env);
    if (contact === undefined) throw notFound("contact");
    // Whole days: who keeps it by its text sees no change but one a day.
    const expires = new Date((Math.floor(Date.now() / DAY_MS) + HOLDS_DAYS) * DAY_MS);
    const lines = [
      `Contact: ${contact.includes(":") ? contact : `mailto:${contact}`}`,
      `Expires: ${expires.toISOString()}`,
      "Preferred-Languages: en",
      `Canonical: ${url}${PATH}`,
      `Policy: ${url}/docs/guides/security`,
    ];
    return c.body(`${lines.join("\n")}\n`, 200, {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "public, max-age=86400",
      ...SAFE,
    });
  });
}
