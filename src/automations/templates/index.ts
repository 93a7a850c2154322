import * as access from "./access";
import type { Template } from "./define";
import * as funnels from "./funnels";
import * as journeys from "./journeys";
import * as management from "./management";
import * as paths from "./paths";
import * as signup from "./signup";

/** Every use case of the reference articles; exporting one from its theme's file puts it here. */
const templates: ReadonlyMap<string, Template> = new Map(
  [signup, access, management, funnels, journeys, paths]
    .flatMap((theme): Template[] => Object.values(theme))
    .map((template) => [template.id, template]),
);

export const listTemplates = (): readonly Template[] => [...templates.values()];

/** A template by its id, or undefined. */
export const getTemplate = (id: string): Template | undefined => templates.get(id);

export type { Template };
