import { Hono } from "hono";
import { variablesOf } from "../../../base/env";
import { Problem } from "../../../base/errors/errors";
import type { App } from "../../../http/app";
import { say } from "../../../language/say";
import { outside } from "../../address";
import { type PlatformApi, platformApi } from "../../client";
import { countAttempt } from "../../door/attempts";
import { signedIn } from "../../door/guard";
import { OPERATOR } from "../../door/session";
import { signIn } from "../../door/sign-in";
import { type AdminEnv, attempt, type Ctx, formFieldsOf, seeOther } from "../../visit";
import { listed } from "./listed";
import { OperatorPage } from "./operator-page";
import { quotaIn } from "./quota";
import { TokenPage } from "./token-page";

/* Who runs the installation: signs in with the platform token, makes schools, and is an owner of each. */

/** `app`: where the platform's own routes are. */
export function operatorPages(app: Pick<App, "fetch">): Hono<AdminEnv> {
  const pages = new Hono<AdminEnv>();

  const isOperator = async (c: Ctx): Promise<boolean> => (await signedIn(c.env, c.req.raw))?.email === OPERATOR;
  const platform = async (c: Ctx): Promise<PlatformApi> => {
    if (!(await isOperator(c))) throw new Problem("unauthorized", say("Sign in as the platform operator first."));
    // Hono's type of it is narrower than the platform's.
    return platformApi({ app, env: c.env, context: c.executionCtx as ExecutionContext });
  };
  const shown = (c: Ctx, api: PlatformApi, wanted = (c.req.query("school") ?? "").trim()) =>
    listed(c.env, api, { wanted, cursor: c.req.query("cursor") });

  pages.get("/operator", async (c) =>
    (await isOperator(c))
      ? c.html(<OperatorPage c={c} {...(await shown(c, await platform(c)))} />)
      : c.html(<TokenPage c={c} />, 401),
  );

  pages.post("/operator/sign-in", async (c) => {
    await countAttempt(c.env, c.req.raw, null);
    const [given, right] = await Promise.all(
      [(await formFieldsOf(c)).raw("token"), variablesOf(c.env).ADMIN_TOKEN].map((text) =>
        crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
      ),
    );
    if (!given || !right || !crypto.subtle.timingSafeEqual(given, right)) {
      return c.html(<TokenPage c={c} fault={say("That is not the platform token.")} />, 401);
    }
    await signIn(c, OPERATOR);
    return seeOther(c, outside("/operator"));
  });

  pages.post("/operator", async (c) => {
    const api = await platform(c);
    const fields = await formFieldsOf(c);
    const values = {
      ...{ id: fields.text("id"), name: fields.text("name"), email: fields.text("email") },
      jurisdiction: fields.text("jurisdiction"),
    };
    const { value, refused } = await attempt(() =>
      api.call("POST /v1/schools", {
        body: {
          ...(values.id === "" ? {} : { id: values.id }),
          name: values.name,
          mode: fields.text("mode"),
          jurisdiction: values.jurisdiction === "" ? null : values.jurisdiction,
          ...(values.email === "" ? {} : { settings: { collaborators: [{ email: values.email, role: "owner" }] } }),
        },
      }),
    );
    if (refused) {
      const all = await shown(c, api);
      return c.html(<OperatorPage c={c} {...all} refused={refused} values={values} />, refused.status);
    }
    const made = { name: value.school.name, key: value.api_key };
    return c.html(<OperatorPage c={c} {...(await shown(c, api, value.school.id))} made={made} />, 201);
  });

  pages.post("/operator/dead-letters/:id/retry", async (c) => {
    const api = await platform(c);
    // Another look may have had it tried already: a 404.
    await api.find("POST /v1/dead-letters/:id/retry", { params: { id: c.req.param("id") ?? "" } });
    return seeOther(c, outside("/operator"));
  });

  pages.post("/operator/secret-key", async (c) => {
    const api = await platform(c);
    // Another look may have begun it, and ended it, already.
    await attempt(() => api.call("POST /v1/secret-key/rotation", { body: {} }));
    return seeOther(c, outside("/operator"));
  });

  pages.post("/operator/:id/quota", async (c) => {
    const api = await platform(c);
    const id = c.req.param("id") ?? "";
    const asked = (await formFieldsOf(c)).text("requests_per_minute");
    const { refused } = await attempt(() =>
      api.call("PATCH /v1/schools/:id", {
        params: { id },
        body: { requests_per_minute: quotaIn(asked) },
      }),
    );
    if (!refused) return seeOther(c, outside("/operator"));
    const quota = { school: id, asked, problem: refused };
    return c.html(<OperatorPage c={c} {...(await shown(c, api, id))} quota={quota} />, refused.status);
  });

  pages.post("/operator/:id/suspended", async (c) => {
    const api = await platform(c);
    const suspended = (await formFieldsOf(c)).text("suspended") === "true";
    await api.call("PATCH /v1/schools/:id", { params: { id: c.req.param("id") ?? "" }, body: { suspended } });
    return seeOther(c, outside("/operator"));
  });

  return pages;
}
