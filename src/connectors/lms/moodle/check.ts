import * as z from "zod";
import { refusal } from "../../calling/http";
import type { Tools } from "../../ports";
import type { Finding } from "../port";
import { openMoodle } from "./call";
import { MoodleFault } from "./faults";
import { FUNCTIONS, functionNames } from "./functions";
import { findingsOfRights } from "./rights";
import { type Settings, siteOf } from "./settings";

/* What is wrong with a connection, from the outside in: address, token, functions, then rights. */

const site = z.object({
  release: z.string(),
  userid: z.number(),
  functions: z.array(z.object({ name: z.string() })),
});

const found = (what: string, advice?: string): Finding =>
  advice === undefined ? { ok: true, what } : { ok: false, what, advice };

export async function check(settings: Settings, tools: Tools): Promise<Finding[]> {
  const reached = `Moodle answers at ${siteOf(settings.url)}`;
  // Whether it is a test school that asks is not known here; what sends changes looks by the rules of a live one.
  const refused = await refusal(settings.url, { mode: "test" }, tools);
  if (refused && !refused.ok) return [found(reached, refused.error)];
  // Under LOCAL one on this machine may be called so.
  const isForLive =
    settings.url.startsWith("https:") || (await refusal(settings.url, { mode: "live" }, tools)) === null;
  const moodle = openMoodle(settings, tools);
  try {
    const { release, userid, functions } = await moodle.call("core_webservice_get_site_info", {}, site);
    const offered = new Set(functions.map(({ name }) => name));
    const missing = functionNames.filter((name) => !offered.has(name));
    return [
      ...(isForLive
        ? []
        : [found("The address begins with https://", "a live school is called by https only: change the address")]),
      found(`${reached}, release ${release}`),
      ...(missing.length === 0
        ? [found(`All ${functionNames.length} functions are in the web service`)]
        : missing.map((name) =>
            found(
              `The function ${name} is in the web service`,
              `add ${name} to the functions of the token's service: without it there is no ${FUNCTIONS[name]}`,
            ),
          )),
      ...(await findingsOfRights(moodle, userid, (name) => offered.has(name))),
    ];
  } catch (fault) {
    if (!(fault instanceof MoodleFault)) throw fault;
    return [found(reached, fault.message)];
  }
}
