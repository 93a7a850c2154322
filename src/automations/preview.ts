import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import { userObject } from "../calls/stub";
import { rendersFor } from "../catalogue/messages/rendering";
import { htmlToText } from "../catalogue/text/template";
import { withNames } from "../world/names";
import { nowOf, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";

export interface MessageDraft {
  subject?: string | undefined;
  body: string;
  user: string;
  fact?: { type: string; data: Record<string, unknown> } | undefined;
}

/** Renders a message as the user would get it now; 404 when the user is not known. */
export async function previewMessage(env: Env, school: School, draft: MessageDraft) {
  const state = await userObject(env, school, draft.user).state();
  if (!state) throw notFound("user");
  const world = await loadWorld(env, school);
  const now = nowOf(school);
  const fact = { type: "preview", data: {}, ...draft.fact, at: now, order: state.order };
  const templates = [...(draft.subject === undefined ? [] : [draft.subject]), draft.body];
  return withNames(env, school, world.school, (view) => {
    const render = rendersFor({ learner: state.learner, school: view, fact, now }, true);
    const body = render.html(draft.body);
    return {
      ...(draft.subject === undefined ? {} : { subject: render.line(draft.subject) }),
      body,
      text: htmlToText(body),
      unknown_variables: [...new Set(templates.flatMap(render.unknown))],
    };
  });
}
