import { z } from "zod";
import { type Env, variablesOf } from "../base/env";
import { connectorSettings } from "./settings";

/** JSON of a mail connector's settings, read as a school's `connectors.email` is; kept in that form for `connectorFor`. */
const platformEmail = z
  .string()
  .transform((text, context): unknown => {
    try {
      return { email: JSON.parse(text) };
    } catch {
      // The parser's own message repeats what it read, and that holds a secret.
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  })
  .pipe(connectorSettings)
  .refine(({ email }) => email && email.type !== "capture", "it has to send mail, not keep it");

/**
 * The platform's own mail connector, by the secret PLATFORM_EMAIL; null where it is not set. Throws for one that is
 * misshapen, in one line that names what is wrong and never what was given.
 */
export function platformMail(env: Env): z.output<typeof platformEmail> | null {
  const { PLATFORM_EMAIL } = variablesOf(env);
  if (PLATFORM_EMAIL === undefined) return null;
  const read = platformEmail.safeParse(PLATFORM_EMAIL);
  if (!read.success) throw new Error(`PLATFORM_EMAIL: ${z.prettifyError(read.error).replaceAll(/\s+/g, " ")}`);
  return read.data;
}
