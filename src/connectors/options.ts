import * as z from "zod";
import { trimmed } from "../base/text/text";
import { email } from "../catalogue/account/email";
import { checkHost, checkUrl, LOOPBACK } from "../catalogue/options/address";

/* The kinds of option that connectors are set up with. */

/** What a vendor's page shows, to be copied from there: blanks that come along are none of it. */
export const pasted = z.string().overwrite(trimmed);

/** Sealed at rest and never read back. */
export const secret = (schema: z.ZodString = pasted.min(1).max(10_000)) => schema.meta({ secret: true });

/** A secret that somebody made up: blanks at its ends may be part of it. */
export const password = () => secret(z.string().min(1).max(10_000));

/**
 * An address of the school's that we call. What only a live school must keep is checked at each call; `calls` marks what
 * names a host, which is looked up when it is saved, and must lead away from us where we are not on a developer's machine.
 */
export const urlOption = z
  .string()
  .overwrite(trimmed)
  .superRefine((text, context) => {
    const message = checkUrl(text, { mode: "test", ownHosts: [], loopback: { ownPort: "" } });
    if (message !== null) context.addIssue({ code: "custom", message });
  })
  .meta({ calls: "url" });

/** A host of the school's that we connect to, by a name or, on a developer's machine, its own address. */
export const host = z
  .string()
  .min(1)
  .max(253)
  .superRefine((name, context) => {
    if (LOOPBACK.has(name)) return;
    const isHost = /^[A-Za-z0-9.-]+$/.test(name);
    const message = isHost ? checkHost(name, { mode: "test", ownHosts: [] }) : "not a host name";
    if (message !== null) context.addIssue({ code: "custom", message });
  })
  .meta({ calls: "host" });

/** The address the school sends mail from. Nobody else's words decide it. */
export const from = email.meta({ title: "From", description: "The address mail is sent from." });
