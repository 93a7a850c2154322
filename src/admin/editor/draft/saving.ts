import { useState } from "hono/jsx/dom";
import type { Fault } from "../../../base/errors/errors";
import type { Warning } from "../../../definition/answers";
import { type Draft, isRecord } from "../../../definition/types";
import { say } from "../../../language/say";
import { callServer, isOk, refusalOf, type ServerAnswer } from "./api";
import type { EditorData } from "./data";

/** What becomes of those who are under way when a live automation changes. */
export type Fate = "stay" | "move" | "exit";

/** Why it could not be saved; `outdated`: somebody else saved in between. */
export interface SaveProblem {
  message: string;
  outdated: boolean;
}

export interface Saving {
  /** Null while it was never saved. */
  id: string | null;
  /** What the server has; null while it was never saved. */
  saved: Draft | null;
  version: number | null;
  warnings: readonly Warning[];
  busy: boolean;
  problem: SaveProblem | null;
  /** Saves; answers whether it was, and the faults the server found. `force`: over a newer version too. */
  put(now: Draft, fate: Fate, force?: boolean): Promise<{ ok: boolean; faults: Fault[] }>;
  forget(): void;
}

/** Keeps what the server has of the automation, and saves the draft over it. */
export function useSaving(data: EditorData, begun: Draft, onSaved: (message: string) => void): Saving {
  const [id, setId] = useState(data.automation?.id ?? null);
  const [etag, setEtag] = useState(data.etag ?? null);
  const [saved, setSaved] = useState<Draft | null>(id === null ? null : begun);
  const [version, setVersion] = useState(data.automation?.version ?? null);
  const [warnings, setWarnings] = useState<readonly Warning[]>(data.automation?.warnings ?? []);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<SaveProblem | null>(null);

  const accept = ({ body, etag: tag }: ServerAnswer, what: Draft): void => {
    const answer = isRecord(body) ? body : {};
    setSaved(what);
    setEtag(tag);
    if (typeof answer.version === "number") setVersion(answer.version);
    if (Array.isArray(answer.warnings)) setWarnings(answer.warnings as Warning[]); // the server's own answer
    if (typeof answer.id === "string" && id === null) {
      setId(answer.id);
      history.replaceState(null, "", `${data.list}/${answer.id}/edit`);
    }
    onSaved(
      typeof answer.version === "number"
        ? say("Saved as version {version}.", { version: String(answer.version) })
        : say("Saved."),
    );
  };

  const put = async (now: Draft, fate: Fate, force = false): Promise<{ ok: boolean; faults: Fault[] }> => {
    setBusy(true);
    setProblem(null);
    const answer = await send(id, now, fate, force ? null : etag);
    if (isOk(answer) && fate === "exit" && now.active && id !== null) {
      const on = await callServer("PATCH", pathOf(id), { active: true }, ifMatch(answer.etag));
      accept(isOk(on) ? on : answer, isOk(on) ? now : { ...now, active: false });
      if (!isOk(on))
        setProblem({
          message: say("Saved, but it is switched off: {problem}", { problem: refusalOf(on).message }),
          outdated: false,
        });
    } else if (isOk(answer)) accept(answer, now);
    setBusy(false);
    if (isOk(answer)) return { ok: true, faults: [] };
    const outdated = answer.status === 412;
    const refusal = refusalOf(answer);
    setProblem({
      message: outdated ? say("Somebody saved a newer version while you were editing.") : refusal.message,
      outdated,
    });
    return { ok: false, faults: answer.status === 422 ? refusal.faults : [] };
  };
  return { id, saved, version, warnings, busy, problem, put, forget: () => setProblem(null) };
}

const pathOf = (id: string): string => `/automations/${encodeURIComponent(id)}`;

const ifMatch = (etag: string | null): Record<string, string> => (etag === null ? {} : { "if-match": etag });

/** Runs end only together with switching the automation off; whoever asks for it switches it on again. */
const send = (id: string | null, now: Draft, fate: Fate, etag: string | null): Promise<ServerAnswer> =>
  id === null
    ? callServer("POST", "/automations", now)
    : callServer(
        "PUT",
        `${pathOf(id)}${fate === "move" ? "?live=move" : ""}`,
        fate === "exit" ? { ...now, active: false, live_runs: "exit" } : now,
        ifMatch(etag),
      );
