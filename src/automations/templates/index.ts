import * as access from "./access";
import type { Template } from "./define";
import * as funnels from "./funnels";
import * as journeys from "./journeys";
import * as management from "./management";
import * as paths from "./paths";
import * as signup from "./signup";

/** Every use case of the reference articles by its theme; exporting one from its theme's file puts it here. */
export const TEMPLATE_THEMES: readonly { name: string; templates: readonly Template[] }[] = [
  { name: "Sign-up", templates: Object.values(signup) },
  { name: "Access to courses and spaces", templates: Object.values(access) },
  { name: "User management", templates: Object.values(management) },
  { name: "Marketing funnels", templates: Object.values(funnels) },
  { name: "Learner journeys", templates: Object.values(journeys) },
  { name: "Learning paths", templates: Object.values(paths) },
];

const templates: ReadonlyMap<string, Template> = new Map(
  TEMPLATE_THEMES.flatMap((theme) => theme.templates).map((template) => [template.id, template]),
);

export const listTemplates = (): readonly Template[] => [...templates.values()];

/** A template by its id, or undefined. */
export const getTemplate = (id: string): Template | undefined => templates.get(id);

export type { Template };
