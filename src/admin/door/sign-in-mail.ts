import { type Env, variablesOf } from "../../base/env";
import { log } from "../../base/log";
import { type Connector, connectorFor, connectors } from "../../connectors";
import { connectorsOf } from "../../world/connectors";
import { loadSchool, type School } from "../../world/snapshot";
import { parcelOf, toolsOf } from "../pages/settings/test-delivery";
import { schoolsOf } from "./session";

const KEPT = "capture";

/** A way for mail to leave: the platform's own where it has an address, else that of a school of theirs which sends mail. */
async function wayOut(
  env: Env,
  schools: readonly School[],
): Promise<{ connector: Connector; settings: Record<string, unknown>; school: School } | null> {
  const { SIGN_IN_FROM } = variablesOf(env);
  const cloudflare = connectors.find((one) => one.name === "cloudflare");
  const [first] = schools;
  if (env.EMAIL && SIGN_IN_FROM && cloudflare && first) {
    return { connector: cloudflare, settings: { from: SIGN_IN_FROM }, school: first };
  }
  for (const school of schools) {
    const chosen = connectorFor("email", await connectorsOf(env, school));
    if (chosen && chosen.connector.name !== KEPT) return { ...chosen, school };
  }
  return null;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Mails a sign-in link. What goes wrong is logged: whoever asked is not told whether there was anybody to mail. */
export async function mailLink(env: Env, email: string, link: string): Promise<void> {
  const listed = await schoolsOf(env, email);
  const schools = (await Promise.all(listed.slice(0, 10).map(({ id }) => loadSchool(env, id)))).filter(
    (one) => one !== null,
  );
  const way = await wayOut(env, schools);
  if (!way) return log("error", "sign_in.no_mail", { school: listed[0]?.id ?? "" });
  const { connector, settings, school } = way;
  const key = `sign-in-${crypto.randomUUID()}`;
  const content = {
    subject: "Sign in to Schoolbell",
    html: `<p>Open this link to sign in. It is good for 15 minutes, and once.</p><p><a href="${escaped(link)}">${escaped(link)}</a></p><p>If you did not ask for it, there is nothing to do.</p>`,
    text: `Open this link to sign in. It is good for 15 minutes, and once.\n\n${link}\n\nIf you did not ask for it, there is nothing to do.`,
    kind: "transactional",
    from_name: "Schoolbell",
  };
  const sent = await connector.send(parcelOf(school, connector, key, [email], content), settings, toolsOf(env));
  if (!sent.ok) log("error", "sign_in.mail_failed", { school: school.id, error: new Error(sent.error) });
}
