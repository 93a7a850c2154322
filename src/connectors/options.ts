import { z } from "zod";
import { email } from "../catalogue/account/email";
import { checkUrl } from "../catalogue/address";

/* The kinds of option that connectors are set up with. */

/** Sealed at rest and never read back. */
export const secret = (schema: z.ZodString = z.string().min(1).max(10_000)) => schema.meta({ secret: true });

/** An address of the school's that we call. What only a live school must keep is checked at each call. */
export const url = z.string().superRefine((text, context) => {
  const message = checkUrl(text, { mode: "test", ownHosts: [] });
  if (message !== null) context.addIssue({ code: "custom", message });
});

/** The address the school sends mail from. Nobody else's words decide it. */
export const from = email.meta({ title: "From", description: "The address mail is sent from." });
