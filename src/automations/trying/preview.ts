import type { Env } from "../../base/env";
import { invalid } from "../../base/errors/errors";
import { inFrame } from "../../catalogue/messages/letter";
import { rendersFor } from "../../catalogue/messages/rendering";
import { htmlToText } from "../../catalogue/text/template";
import { withNames } from "../../world/naming/names";
import { nowOf, type School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { NOBODYS_LINKS } from "./example";
import { meantUser } from "./known-user";

export interface MessageDraft {
  subject?: string | undefined;
  body: string;
  /** Whom it is rendered for; left out: an example. */
  user?: string | undefined;
  /** Of a mail, which stands in the school's frame. */
  kind?: "transactional" | "marketing" | "collaborators" | undefined;
  fact?: { type: string; data: Record<string, unknown> } | undefined;
}

const KINDS = { transactional: "transactional", marketing: "marketing", collaborators: null } as const;

/** Renders a message as the user would get it now, its links nobody's; 422 when the user is not known. */
export async function previewMessage(env: Env, school: School, draft: MessageDraft) {
  const now = nowOf(school);
  const { found: state, faults } = await meantUser(env, school, draft.user, now);
  if (!state) throw invalid(faults);
  const world = await loadWorld(env, school);
  const fact = { type: "preview", data: {}, ...draft.fact, at: now, order: state.order };
  const templates = [...(draft.subject === undefined ? [] : [draft.subject]), draft.body];
  return withNames(env, school, world.school, (view) => {
    const scene = { learner: state.learner, school: { ...view, links: NOBODYS_LINKS }, fact, now };
    const render = rendersFor(scene, true);
    const html = render.html(draft.body);
    const body = draft.kind === undefined ? html : inFrame(scene, { html }, KINDS[draft.kind]).html;
    return {
      ...(draft.subject === undefined ? {} : { subject: render.line(draft.subject) }),
      body,
      text: htmlToText(body),
      unknown_variables: [...new Set(templates.flatMap(render.unknown))],
    };
  });
}
