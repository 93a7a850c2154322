import * as z from "zod";
import { defineTrigger } from "../define";
import { USER_SIGNED_UP, USER_UPDATED } from "./facts";

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
  example: ({ fields }) => ({ changed: fields ?? [] }),
  accepts: ({ fields }, data) =>
    !fields || !Array.isArray(data.changed) || data.changed.some((name) => fields.includes(String(name))),
});
