import type { Tools } from "../../ports";
import type { Finding } from "../port";
import { type Api, apiFor } from "./api";
import type { Settings } from "./settings";

/* What is wrong with a connection, in words. Nothing is written. */

const ADDRESS = "LearnWorlds answers at the school's address";
const CREDENTIALS = "The client id and secret are accepted";

/** What the API client needs to read, each asked for alone. */
const NEEDS = [
  { what: "users", path: "/v2/users?page=1" },
  { what: "courses", path: "/v2/courses?page=1" },
  { what: "user groups", path: "/v2/user_groups?page=1" },
];

const advice = {
  address: (said: string) =>
    `Set the address at which the school is opened, such as https://your-school.learnworlds.com, and look whether it is up. It said: ${said}`,
  credentials: (said: string) =>
    `Copy the client id and the client secret anew from Settings > Developers > API in LearnWorlds. It said: ${said}`,
  right: (what: string, said: string) =>
    `Give the API client access to ${what}: Settings > Developers > API in LearnWorlds. It said: ${said}`,
  later: (said: string) => `Try again in a while. It said: ${said}`,
};

async function needed(api: Api, { what, path }: (typeof NEEDS)[number]): Promise<Finding> {
  const answer = await api.request("GET", path);
  const named = `The API client may read ${what}`;
  if (answer.ok) return { ok: true, what: named };
  const said = answer.broken ? advice.right(what, answer.error) : advice.later(answer.error);
  return { ok: false, what: named, advice: said };
}

/** Whether somebody answers there who is LearnWorlds, and whether they know the credentials. */
async function signingIn(api: Api): Promise<Finding[]> {
  const access = await api.signIn();
  if (access.ok) {
    return [
      { ok: true, what: ADDRESS },
      { ok: true, what: CREDENTIALS },
    ];
  }
  if (access.isRefused) {
    return [
      { ok: true, what: ADDRESS },
      { ok: false, what: CREDENTIALS, advice: advice.credentials(access.error) },
    ];
  }
  const isBusy = !access.broken && (access.code !== undefined || access.retryAfterMs !== undefined);
  return [{ ok: false, what: ADDRESS, advice: isBusy ? advice.later(access.error) : advice.address(access.error) }];
}

/** What is found out, each only where what it rests on is right. */
export async function check(settings: Settings, tools: Tools): Promise<Finding[]> {
  const api = apiFor(settings, tools);
  const findings = await signingIn(api);
  if (findings.some(({ ok }) => !ok)) return findings;
  for (const need of NEEDS) findings.push(await needed(api, need));
  return findings;
}
