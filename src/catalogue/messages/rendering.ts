import { bodyHtml } from "../../definition/paragraphs";
import type { View } from "../facts/facts";
import { NO_NAMES } from "../facts/products";
import { renderData, renderHtml, renderLine, renderText, unknownVariables, variablesOfOthers } from "../text/template";
import { withPiecesHtml, withPiecesText } from "./pieces";
import { mayName, scopeOf } from "./scope";

/** Renders templates for one moment of a learner; each throws TemplateError. */
export interface Renders {
  text(template: string): string;
  line(template: string): string;
  /** Plain text becomes paragraphs. */
  html(template: string): string;
  data(value: unknown): unknown;
  unknown(template: string): string[];
  /** Variables that stand as text, and are none. */
  ofOthers(template: string): string[];
}

type Scope = ReturnType<typeof scopeOf>;

const NAMES_LINK = /\b(?:unsubscribe|preferences)_url\b/;

/**
 * How templates are rendered for a learner: with what they may name, by the school's clock and in its zone.
 * @param isOwn the learner alone reads it: it may hold links that open without a sign-in
 */
export function rendersFor(view: Pick<View, "learner" | "school" | "fact" | "now">, isOwn = false): Renders {
  const linksFor = (template: string): Scope =>
    isOwn && NAMES_LINK.test(template)
      ? {
          unsubscribe_url: view.school.links?.unsubscribe(view.learner.id),
          preferences_url: view.school.links?.preferences(view.learner.id, view.now),
        }
      : {};
  const bare = scopeOf({ ...view, school: { ...view.school, names: NO_NAMES } });
  let named: Scope | undefined;
  /** What products are called is asked for only where a template may say it: it may have to be read. */
  const scopeFor = (template: string): Scope => {
    const links = linksFor(template);
    if (!mayName(template)) return { ...bare, ...links };
    named ??= scopeOf(view);
    return { ...named, ...links };
  };
  const { timezone: zone, mail_pieces: pieces } = view.school.settings;
  const clock = { nowMs: view.now, zone };
  const whole = (template: string) => withPiecesText(template, pieces);
  const rendered = (render: typeof renderText, template: string) => render(template, scopeFor(template), clock);
  return {
    text: (template) => rendered(renderText, whole(template)),
    line: (template) => rendered(renderLine, whole(template)),
    html: (template) => rendered(renderHtml, withPiecesHtml(bodyHtml(template), pieces)),
    data: (value) => renderData(value, scopeFor(JSON.stringify(value)), clock),
    unknown: (template) => {
      const text = whole(template);
      return unknownVariables(text, scopeFor(text));
    },
    ofOthers: (template) => {
      const text = whole(template);
      return variablesOfOthers(text, scopeFor(text));
    },
  };
}
