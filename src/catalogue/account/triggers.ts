import * as z from "zod";
import { defineTrigger } from "../define";
import { CHANGING } from "./attributes";
import { USER_SIGNED_UP, USER_UPDATED } from "./facts";
import { bareField, type DeclaredFields, fieldMeant } from "./meant";

const plain = (type: string, label: string, says: string, description: string, also: readonly string[] = []) =>
  defineTrigger({ type, label, also, says, category: "users", description, params: () => ({}) });

export const signedUp = plain(USER_SIGNED_UP, "User Signs-up", "signs up", "The user registered.", [
  "registers",
  "joins",
  "new user",
  "account created",
]);
export const signedIn = plain("user.signed_in", "User Signs-in", "signs in", "The user signed in.", [
  "logs in",
  "login",
]);
export const signupApproved = plain(
  "signup.approved",
  "User Sign up request approved",
  "has their sign-up approved",
  "The school approved the user's request to sign up.",
);
export const signupRejected = plain(
  "signup.rejected",
  "User Sign up request rejected",
  "has their sign-up rejected",
  "The school rejected the user's request to sign up.",
);

/** What a change is called by what somebody wrote; null: nothing that changes. */
function changeMeant(name: string, declared: DeclaredFields): string | null {
  const key = bareField(name);
  if (key !== name) return `fields.${key}`;
  const bare = name.replace(/^user\./, "");
  if (CHANGING.includes(bare)) return bare;
  const field = fieldMeant(name, declared);
  return declared.get(field) ? `fields.${field}` : null;
}

const notThere = (name: string): string =>
  `${JSON.stringify(name)} is no attribute, and no field of the school: write "fields.<key>" for a field, or one of ${CHANGING.join(", ")}`;

export const updated = defineTrigger({
  type: USER_UPDATED,
  label: "User is Updated",
  also: ["profile changed", "field changed", "attribute"],
  says: "has {fields: anything} changed",
  category: "users",
  description: "An attribute or a profile field of the user changed: any, or one of these.",
  params: () => ({
    fields: z.array(z.string().min(1).max(140)).min(1).max(100).meta({ picker: "attribute" }).optional(),
  }),
  meant: ({ fields }, declared) => {
    const names = fields?.map((name) => changeMeant(name, declared));
    const wrong = names?.indexOf(null) ?? -1;
    if (fields && wrong >= 0) return { message: notThere(fields[wrong] ?? ""), path: ["fields", wrong] };
    return { fields: names && [...new Set(names)] };
  },
  example: ({ fields }) => (fields ? { changed: fields } : {}),
  accepts: ({ fields }, data) =>
    !fields || !Array.isArray(data.changed) || data.changed.some((name) => fields.includes(String(name))),
});
