import { Hono } from "hono";
import type { FC } from "hono/jsx";
import { variablesOf } from "../../../base/env";
import { Problem } from "../../../base/errors";
import type { AnswerTo } from "../../../http/answers";
import type { App } from "../../../http/app";
import { heard } from "../../../language/heard";
import { say, weave } from "../../../language/say";
import { ALL_SCHOOLS, costsOf, type MonthCost } from "../../../schools/costs";
import { schoolNames } from "../../../schools/find";
import { type Operations, operationsOf, type Release, releaseOf } from "../../../schools/operations";
import { addressIn, outside, pathOfBefore } from "../../address";
import { type PlatformApi, platformApi } from "../../client";
import { Badge, Banner, EmptyState } from "../../components/bits";
import { Filters, SearchBox } from "../../components/filters";
import { ActionButton, AskedButton, TextField } from "../../components/form";
import { Document } from "../../components/layout";
import { Pager, Table } from "../../components/table";
import { OwnChoices } from "../../components/top";
import { countAttempt } from "../../door/attempts";
import { internalPath, signedIn } from "../../door/guard";
import { OPERATOR } from "../../door/session";
import { Doorstep, signIn } from "../../door/sign-in";
import { type AdminEnv, attempt, type Ctx, formFieldsOf, seeOther, themeOf } from "../../visit";
import { jurisdictionName } from "../../words/jurisdiction";
import { AllCosts, Cost } from "./costs";
import { Doing, upTo } from "./doing";
import { type DeadLetter, GivenUp } from "./given-up";
import { type Asked, NewSchool } from "./new-school";
import { Quota, type QuotaRefused, quotaIn } from "./quota";
import { releaseText } from "./release";
import { SecretChange, type SecretKey } from "./secret-change";

/* Who runs the installation: signs in with the platform token, makes schools, and is an owner of each. */

type School = AnswerTo<"GET /v1/schools/:id">;

const suspendedPath = (id: string): string => outside(`/operator/${encodeURIComponent(id)}/suspended`);

const TokenPage: FC<{ c: Ctx; fault?: string }> = ({ c, fault }) => (
  <Doorstep c={c} title={say("Platform operator")}>
    <p>{say("The platform token is the Worker's secret ADMIN_TOKEN. It opens every school.")}</p>
    <form method="post" action={outside("/operator/sign-in")} class="form">
      <TextField name="token" type="password" label={say("Platform token")} required fault={fault} />
      <button type="submit" class="button is-main">
        {say("Sign in")}
      </button>
    </form>
    <p class="hint">
      {say("You work at a school?")} <a href={outside("/sign-in")}>{say("Sign in by email")}</a>
    </p>
  </Doorstep>
);

interface OperatorProps {
  c: Ctx;
  /** A page of them, or the one that was looked for. */
  schools: { data: readonly School[]; next_cursor: string | null };
  /** The id that was looked for. */
  wanted: string;
  dead: readonly DeadLetter[];
  /** Of schools that something was given up of. */
  names: ReadonlyMap<string, string>;
  doing: ReadonlyMap<string, Operations>;
  /** By school, and under an empty id of all schools together. */
  costs: ReadonlyMap<string, readonly MonthCost[]>;
  release: Release;
  secret: SecretKey;
  /** A key just made, shown this once. */
  made?: { name: string; key: string };
  refused?: Problem | null;
  values?: Asked;
  quota?: QuotaRefused;
}

const NoSchools: FC<{ wanted: string }> = ({ wanted }) =>
  wanted === "" ? (
    <EmptyState title={say("No schools yet")}>
      <p>{say("A school is a tenant: its learners, automations and keys are its own. Create the first one below.")}</p>
    </EmptyState>
  ) : (
    <EmptyState title={say("No school has the id {id}", { id: wanted })}>
      <p>{say("Ids are written in full, as they stand in the addresses of a school’s pages.")}</p>
    </EmptyState>
  );

const OperatorPage: FC<OperatorProps> = (props) => {
  const { c, schools, wanted, dead, names, doing, costs, release, secret, made, refused, values, quota } = props;
  const asked = c.req.query("next");
  const next = internalPath(asked);
  /** Kept on the way through the list. */
  const onward = asked === undefined ? "" : next;
  return (
    <Document title={say("Schools · Schoolbell")} theme={themeOf(c)}>
      <a class="skip" href="#main">
        {say("Skip to the page")}
      </a>
      <header class="top">
        <div class="top-inside">
          <div class="top-school">
            <a class="top-name" href={outside("/operator")}>
              {say("Schoolbell · operator")}
            </a>
          </div>
          <div class="top-you">
            <OwnChoices theme={themeOf(c)} />
          </div>
        </div>
      </header>
      <main id="main" class="page">
        <div class="page-head">
          <h1>{say("Schools")}</h1>
        </div>
        {made ? (
          <Banner tone="warning">
            <span>
              {weave("{name} is created. Its first key, shown only this once: {key}", {
                name: made.name,
                key: <code class="secret">{made.key}</code>,
              })}
            </span>
          </Banner>
        ) : null}
        {refused && !refused.faults ? <Banner tone="fault">{heard(refused.detail)}</Banner> : null}
        {schools.data.length || wanted !== "" ? (
          <Filters
            action={outside("/operator")}
            clear={wanted !== ""}
            search={
              <>
                {onward === "" ? null : <input type="hidden" name="next" value={onward} />}
                <SearchBox name="school" label={say("Id of a school")} value={wanted} />
              </>
            }
          />
        ) : null}
        {schools.data.length ? (
          <Table
            caption={say("Schools")}
            rows={schools.data}
            keyOf={(school) => school.id}
            columns={[
              {
                head: say("Name"),
                names: true,
                cell: (school) => (
                  <>
                    {school.name}{" "}
                    <small class="soft">
                      {school.id}, {say("Collaborators")}: {school.settings.collaborators.length}
                    </small>{" "}
                    {school.mode === "test" ? <Badge>{say("test@mode")}</Badge> : null}{" "}
                    {school.jurisdiction ? <Badge>{jurisdictionName(school.jurisdiction)}</Badge> : null}
                  </>
                ),
              },
              {
                head: say("Health"),
                cell: ({ id, suspended }) => <Doing of={doing.get(id)} suspended={suspended} />,
              },
              {
                head: say("On the way"),
                number: true,
                cell: ({ id }) => (
                  <>
                    {upTo(doing.get(id)?.queued)}{" "}
                    <small class="soft">
                      {say("Jobs")}: {upTo(doing.get(id)?.jobs)}
                    </small>
                  </>
                ),
              },
              { head: say("Cost this month"), number: true, cell: ({ id }) => <Cost of={costs.get(id)} /> },
              {
                head: say("Requests a minute"),
                number: true,
                cell: (school) => <Quota school={school} refused={quota} />,
              },
              {
                head: say("Actions"),
                end: true,
                cell: (school) => (
                  <span class="inline is-end">
                    <a class="button is-small" href={addressIn(school.id, pathOfBefore(next))}>
                      {say("Open@verb")}
                      <span class="sr-only"> {school.name}</span>
                    </a>
                    {school.suspended ? (
                      <ActionButton small action={suspendedPath(school.id)} fields={{ suspended: "false" }}>
                        {say("Let it go on")}
                        <span class="sr-only"> {school.name}</span>
                      </ActionButton>
                    ) : (
                      <AskedButton
                        small
                        ask={say("Suspend…")}
                        of={school.name}
                        follows={say("Its keys are refused and nothing happens in it, until you let it go on.")}
                        action={suspendedPath(school.id)}
                        fields={{ suspended: "true" }}
                      >
                        {say("Suspend it")}
                      </AskedButton>
                    )}
                  </span>
                ),
              },
            ]}
          />
        ) : (
          <NoSchools wanted={wanted} />
        )}
        {wanted === "" ? <Pager page={schools} at={outside("/operator")} filters={{ next: onward }} c={c} /> : null}
        <AllCosts of={costs.get(ALL_SCHOOLS) ?? []} />
        <h2 class="part">{say("What runs")}</h2>
        <p class="soft">{releaseText(release)}</p>
        <SecretChange of={secret} />
        <GivenUp dead={dead} names={names} />
        <NewSchool values={values} refused={refused} />
      </main>
    </Document>
  );
};

const SHOWN = 50;

const onlyOne = (school: School | null) => ({ data: school ? [school] : [], next_cursor: null });

/** `app`: where the platform's own routes are. */
export function operatorPages(app: Pick<App, "fetch">): Hono<AdminEnv> {
  const pages = new Hono<AdminEnv>();

  const isOperator = async (c: Ctx): Promise<boolean> => (await signedIn(c.env, c.req.raw))?.email === OPERATOR;
  const platform = async (c: Ctx): Promise<PlatformApi> => {
    if (!(await isOperator(c))) throw new Problem("unauthorized", say("Sign in as the platform operator first."));
    // Hono's type of it is narrower than the platform's.
    return platformApi({ app, env: c.env, context: c.executionCtx as ExecutionContext });
  };
  /** A page of schools with what was given up anywhere; or the school looked for, with what was given up of its. */
  const listed = async (c: Ctx, api: PlatformApi, wanted = (c.req.query("school") ?? "").trim()) => {
    const cursor = c.req.query("cursor");
    const school = wanted === "" ? {} : { school: wanted };
    const [schools, { data: dead }, release, secret] = await Promise.all([
      wanted === ""
        ? api.call("GET /v1/schools", { query: { limit: SHOWN, cursor } })
        : api.find("GET /v1/schools/:id", { params: { id: wanted } }).then(onlyOne),
      api.call("GET /v1/dead-letters", { query: { limit: SHOWN, ...school } }),
      releaseOf(c.env),
      api.call("GET /v1/secret-key", {}),
    ]);
    const ids = schools.data.map(({ id }) => id);
    const [doing, costs, names] = await Promise.all([
      operationsOf(c.env, ids),
      costsOf(c.env, [ALL_SCHOOLS, ...ids]),
      schoolNames(
        c.env,
        dead.flatMap(({ school_id: id }) => id ?? []),
      ),
    ]);
    return { schools, wanted, dead, names, release, secret, doing, costs };
  };

  pages.get("/operator", async (c) =>
    (await isOperator(c))
      ? c.html(<OperatorPage c={c} {...(await listed(c, await platform(c)))} />)
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
      const all = await listed(c, api);
      return c.html(<OperatorPage c={c} {...all} refused={refused} values={values} />, refused.status);
    }
    const made = { name: value.school.name, key: value.api_key };
    return c.html(<OperatorPage c={c} {...(await listed(c, api, value.school.id))} made={made} />, 201);
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
    return c.html(<OperatorPage c={c} {...(await listed(c, api, id))} quota={quota} />, refused.status);
  });

  pages.post("/operator/:id/suspended", async (c) => {
    const api = await platform(c);
    const suspended = (await formFieldsOf(c)).text("suspended") === "true";
    await api.call("PATCH /v1/schools/:id", { params: { id: c.req.param("id") ?? "" }, body: { suspended } });
    return seeOther(c, outside("/operator"));
  });

  return pages;
}
