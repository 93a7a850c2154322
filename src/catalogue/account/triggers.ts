import { z } from "zod";
import { defineTrigger } from "../define";

const plain = (type: string, label: string, description: string) =>
  defineTrigger({ type, label, category: "users", description, params: {} });

export const signedUp = plain("user.signed_up", "User Signs-up", "The user registered.");
export const signedIn = plain("user.signed_in", "User Signs-in", "The user signed in.");
export const signupApproved = plain(
  "signup.approved",
  "User Sign up request approved",
  "The school approved the user's request to sign up.",
);
export const signupRejected = plain(
  "signup.rejected",
  "User Sign up request rejected",
  "The school rejected the user's request to sign up.",
);

export const updated = defineTrigger({
  type: "user.updated",
  label: "User is Updated",
  category: "users",
  description: "An attribute or field of the user changed: any, or any of these (fields as fields.<key>).",
  params: { fields: z.array(z.string().min(1).max(140)).min(1).max(100).meta({ picker: "attribute" }).optional() },
  example: ({ fields }) => ({ changed: fields ?? [] }),
  accepts: ({ fields }, data) =>
    !fields || !Array.isArray(data.changed) || data.changed.some((name) => fields.includes(String(name))),
});
