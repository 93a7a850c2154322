import { Problem } from "../../base/errors/errors";
import { say } from "../../language/say";
import { loadSchool } from "../../world/snapshot";
import { FORM_OF } from "../components/forms/form";
import { type Ctx, formFieldsOf } from "../visit";
import { roleIn } from "./session";

/** Refuses a form that was drawn for another school than its address names, with both names. */
export async function requireOwnForm(c: Ctx): Promise<void> {
  const { school } = c.var.visit;
  const drawnFor = (await formFieldsOf(c)).raw(FORM_OF);
  if (drawnFor === school.id) return;
  throw new Problem(
    "conflict",
    drawnFor === ""
      ? say("This form does not say which school it is for. Reload the page. Nothing was changed.")
      : say("This form is of {other}, the page is of {school}. Nothing was changed.", {
          other: await nameFor(c, drawnFor),
          school: school.name,
        }),
  );
}

/** What a school is called, to who is something in it: to all others it is one like any. */
async function nameFor(c: Ctx, id: string): Promise<string> {
  const school = await loadSchool(c.env, id);
  return school && roleIn(school, c.var.session.email) ? school.name : say("another school");
}
