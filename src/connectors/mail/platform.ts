import * as z from "zod";
import type { Env } from "../../base/env";
import { connectorSettings } from "../settings";

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

/** What is wrong, without what was given: a secret may stand where an option's name belongs. */
const said = ({ issues }: z.ZodError): string =>
  issues
    .map((issue) => (issue.code === "unrecognized_keys" ? { ...issue, message: "an option too many" } : issue))
    .map(({ path, message }) => [path.join("."), message].filter((part) => part !== "").join(": "))
    .join(", ");

function read(env: Env): { mail: z.output<typeof platformEmail> | null; fault: string | null } {
  const { PLATFORM_EMAIL } = env;
  if (PLATFORM_EMAIL === undefined) return { mail: null, fault: null };
  const { data: mail = null, error } = platformEmail.safeParse(PLATFORM_EMAIL);
  if (error) return { mail, fault: `PLATFORM_EMAIL is not as it must be (${said(error)})` };
  if (mail?.email?.type === "cloudflare" && !env.EMAIL)
    return { mail, fault: "PLATFORM_EMAIL sends by the binding EMAIL, and that is missing" };
  return { mail, fault: null };
}

/** What keeps the platform from sending mail, though it is told to; null where nothing does. */
export const faultOfPlatformMail = (env: Env): string | null => read(env).fault;

/**
 * The platform's own mail connector, by the secret PLATFORM_EMAIL; null where it is not set. Throws for one that cannot
 * send, in one line that names what is wrong and never what was given.
 */
export function platformMail(env: Env): z.output<typeof platformEmail> | null {
  const { mail, fault } = read(env);
  if (fault !== null) throw new Error(fault);
  return mail;
}
