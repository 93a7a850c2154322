import * as z from "zod";
import { pasted, secret, urlOption } from "../../options";

export const settings = z.strictObject({
  url: urlOption.meta({
    title: "School address",
    description: "https://your-school.learnworlds.com, or the school's own domain.",
  }),
  client_id: pasted.min(1).max(1_000).meta({ title: "Client ID" }),
  client_secret: secret(),
});
export type Settings = z.output<typeof settings>;

const ROOT = "/admin/api";

/** Where the API's paths begin. The school's address is taken as people copy it: with the API's path or without. */
export function apiOf(address: string): string {
  const { origin, pathname } = new URL(address);
  const at = `${pathname}/`.indexOf(`${ROOT}/`);
  const before = at < 0 ? pathname.replace(/\/+$/, "") : pathname.slice(0, at);
  return origin + before + ROOT;
}
