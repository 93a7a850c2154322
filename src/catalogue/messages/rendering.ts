import type { View } from "../facts";
import { renderData, renderHtml, renderLine, renderText, unknownVariables } from "../text/template";
import { scopeOf } from "./scope";

/** Renders templates for one moment of a learner; each throws TemplateError. */
export interface Renders {
  text(template: string): string;
  line(template: string): string;
  html(template: string): string;
  data(value: unknown): unknown;
  unknown(template: string): string[];
}

/** How templates are rendered for a learner: with what they may name, by the school's clock and in its zone. */
export function rendersFor(view: Pick<View, "learner" | "school" | "fact" | "now">): Renders {
  const scope = scopeOf(view);
  const clock = { nowMs: view.now, zone: view.school.settings.timezone };
  return {
    text: (template) => renderText(template, scope, clock),
    line: (template) => renderLine(template, scope, clock),
    html: (template) => renderHtml(template, scope, clock),
    data: (value) => renderData(value, scope, clock),
    unknown: (template) => unknownVariables(template, scope),
  };
}
