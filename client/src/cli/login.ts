import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/*
 * Which Schoolbell, and by which key: of the environment (SCHOOLBELL_URL, SCHOOLBELL_KEY), else as logged in.
 */

export interface Login {
  url: string;
  key: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const fileIn = (env: Environment): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME ?? homedir(), ".config"), "schoolbell", "login.json");

/** Keeps a login for whoever runs this, and nobody else. */
export function keepLogin(env: Environment, login: Login): string {
  const file = fileIn(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  // What was there before keeps its mode.
  chmodSync(file, 0o600);
  return file;
}

export function findLogin(env: Environment): Login {
  const file = fileIn(env);
  // What keepLogin has written.
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<Login>) : {};
  const url = env.SCHOOLBELL_URL ?? kept.url;
  // A key is good at its own address alone: one that was kept is sent to no other.
  const key = env.SCHOOLBELL_KEY ?? (url === kept.url ? kept.key : undefined);
  if (!url || !key)
    throw new Error("Which school? Set SCHOOLBELL_URL and SCHOOLBELL_KEY, or: schoolbell login --url https://…");
  return { url, key };
}
