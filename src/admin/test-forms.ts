import { schoolIn } from "./address";
import { FORM_OF } from "./components/forms/form";

/* For tests: what a browser sends of a form. */

/** The body of a form that was drawn for the school of the address it is sent to. */
export function formOf(address: string, fields: Readonly<Record<string, string>>): string {
  const school = schoolIn(address);
  return new URLSearchParams({ ...(school === null ? {} : { [FORM_OF]: school }), ...fields }).toString();
}
