import type { Child, FC } from "hono/jsx";
import { Problem } from "../../../base/errors";
import { channelNames } from "../../../catalogue/channels";
import { DELIVERY_STATUSES } from "../../../engine/types";
import type { AnswerTo } from "../../../http/answers";
import { userNames } from "../../../users/list";
import { EmptyState, StatusBadge } from "../../components/bits";
import { FilterChoice, Filters, SearchBox } from "../../components/filters";
import { ActionButton, Form } from "../../components/form";
import { Layout, PageHead } from "../../components/layout";
import { Moment } from "../../components/moment";
import { Notice } from "../../components/notice";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, formFieldsOf, seeOther, type Visit } from "../../visit";
import { LmsTrouble } from "../settings/lms";

type Delivery = AnswerTo<"GET /v1/deliveries/:id">;

const deliveryPath = (visit: Visit, id: string) => visit.path(`/deliveries/${encodeURIComponent(id)}`);

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** What a delivery is, in a line: its subject, title, event or address. */
export function headline({ channel, content }: Delivery): string {
  const found = [
    content.subject,
    content.title,
    content.event,
    content.name,
    content.url,
    content.type,
    content.body,
  ].find(isText);
  return found ? (found.length > 90 ? `${found.slice(0, 89)}…` : found) : channel;
}

/** Deliveries in rows; shared with the page of a learner. */
export const DeliveryTable: FC<{
  rows: readonly Delivery[];
  users: ReadonlyMap<string, string>;
  visit: Visit;
  pick?: string;
}> = ({ rows, users, visit, pick }) => (
  <Table
    caption="Deliveries"
    rows={rows}
    keyOf={(one) => one.id}
    columns={[
      ...(pick
        ? [
            {
              head: "Pick",
              cell: (one: Delivery): Child =>
                one.status === "failed" ? (
                  <input
                    type="checkbox"
                    name="id"
                    value={one.id}
                    form={pick}
                    aria-label={`Pick “${headline(one)}”`}
                    checked
                  />
                ) : null,
            },
          ]
        : []),
      { head: "What", names: true, cell: (one) => <a href={deliveryPath(visit, one.id)}>{headline(one)}</a> },
      { head: "By", cell: (one) => one.channel },
      {
        head: "For",
        cell: (one) => (
          <a href={visit.path(`/learners/${encodeURIComponent(one.user_id)}`)}>
            {users.get(one.user_id) ?? one.user_id}
          </a>
        ),
      },
      { head: "State", cell: (one) => <StatusBadge status={one.status} /> },
      { head: "Attempts", number: true, cell: (one) => one.attempts.length },
      {
        head: "Made",
        cell: (one) => <Moment atMs={Date.parse(one.created_at)} nowMs={visit.nowMs} timezone={visit.timezone} />,
      },
    ]}
  />
);

export const deliveriesPages = new Pages();

deliveriesPages.get("/deliveries", "viewer", async (c) => {
  const visit = c.var.visit;
  const given = (name: string): string => c.req.query(name)?.trim() ?? "";
  const filters = { user: given("user"), channel: given("channel"), status: given("status") };
  const lms = await visit.api.call("GET /v1/lms");
  const page = await visit.api.call("GET /v1/deliveries", {
    query: { ...filters, order: "desc", cursor: given("cursor"), limit: 50 },
  });
  const users = await userNames(
    c.env,
    visit.school.id,
    page.data.map((one) => one.user_id),
  );
  const isFiltered = Object.values(filters).some((value) => value !== "");
  const failed = page.data.filter((one) => one.status === "failed").length;
  return c.html(
    <Layout title="Deliveries" viewer={visit.viewer} section="deliveries">
      <PageHead title="Deliveries" />
      <Notice c={c} />
      <LmsTrouble visit={visit} lms={lms} />
      <Filters action={visit.path("/deliveries")} clear={isFiltered}>
        <SearchBox name="user" label="Learner (id)" value={filters.user} />
        <FilterChoice
          name="channel"
          label="By"
          value={filters.channel}
          options={[["", "Any"], ...channelNames.map((one) => [one, one] as const)]}
        />
        <FilterChoice
          name="status"
          label="State"
          value={filters.status}
          options={[["", "Any"], ...DELIVERY_STATUSES.map((one) => [one, one] as const)]}
        />
      </Filters>
      {page.data.length === 0 ? (
        <EmptyState title={isFiltered ? "No delivery like that" : "Nothing was sent yet"}>
          <p>
            {isFiltered
              ? "Try fewer filters."
              : "Every mail, push, message, webhook and analytics event that an automation makes stands here, as it was rendered, with each attempt to send it."}
          </p>
        </EmptyState>
      ) : (
        <>
          {visit.mayEdit && failed > 0 ? (
            <Form action={visit.path("/deliveries/retry")} id="retry" class="inline after">
              <button type="submit" class="button">
                Send the picked ones again
              </button>
              <span class="hint">{failed} failed on this page; each keeps its key, so nobody gets one twice.</span>
            </Form>
          ) : null}
          <DeliveryTable
            rows={page.data}
            users={users}
            visit={visit}
            {...(visit.mayEdit && failed > 0 ? { pick: "retry" } : {})}
          />
          <Pager page={page} at={visit.path("/deliveries")} filters={filters} cursor={given("cursor")} />
        </>
      )}
    </Layout>,
  );
});

deliveriesPages.post("/deliveries/retry", "editor", async (c) => {
  const ids = (await formFieldsOf(c)).list("id").slice(0, 100);
  if (ids.length === 0) throw new Problem("invalid", "Pick at least one delivery.");
  const refused: string[] = [];
  for (const id of ids) {
    const one = await attempt(() => c.var.visit.api.call("POST /v1/deliveries/:id/retry", { params: { id } }));
    if (one.refused) refused.push(`${id}: ${one.refused.detail}`);
  }
  if (refused.length > 0)
    throw new Problem("conflict", `${ids.length - refused.length} are sent again; ${refused.join("; ")}`);
  return seeOther(c, c.var.visit.path("/deliveries"), { done: "resent" });
});

// ---- One delivery ----

const Content: FC<{ delivery: Delivery; visit: Visit }> = ({ delivery, visit }) => {
  const { html, subject, title, body, text, kind: _, ...rest } = delivery.content;
  const head = isText(subject) ? subject : isText(title) ? title : null;
  const plain = isText(body) ? body : isText(html) ? null : isText(text) ? text : null;
  const others = Object.entries(isText(body) || body === undefined ? rest : { ...rest, body });
  return (
    <div class="letter">
      {head ? <div class="letter-subject">{head}</div> : null}
      {isText(html) ? (
        <iframe
          class="frame is-tall"
          src={`${deliveryPath(visit, delivery.id)}/preview`}
          title={`Mail: ${head ?? ""}`}
          sandbox=""
        />
      ) : null}
      {plain ? <div class="letter-text">{plain}</div> : null}
      {others.length ? (
        <pre class="letter-text is-code" tabindex={0}>
          {JSON.stringify(Object.fromEntries(others), null, 2)}
        </pre>
      ) : null}
    </div>
  );
};

deliveriesPages.get("/deliveries/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const delivery = await visit.api.call("GET /v1/deliveries/:id", { params: c.req.param() });
  const users = await userNames(c.env, visit.school.id, [delivery.user_id]);
  const exact = (at: string) => <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} exact />;
  return c.html(
    <Layout title={headline(delivery)} viewer={visit.viewer} section="deliveries">
      <PageHead title={headline(delivery)}>
        {delivery.status === "failed" && visit.mayEdit ? (
          <ActionButton action={`${deliveryPath(visit, delivery.id)}/retry`} tone="main">
            Send again
          </ActionButton>
        ) : null}
      </PageHead>
      <Notice c={c} />
      <p class="lead inline">
        <StatusBadge status={delivery.status} />
        <span>
          {delivery.content.kind === "marketing" ? "marketing " : ""}
          {delivery.channel} for{" "}
          <a href={visit.path(`/learners/${encodeURIComponent(delivery.user_id)}`)}>
            {users.get(delivery.user_id) ?? delivery.user_id}
          </a>
          {delivery.to.length ? `, to ${delivery.to.join(", ")}` : ""},{" "}
          {delivery.run_id === null ? null : (
            <>
              by <a href={visit.path(`/runs/${encodeURIComponent(delivery.run_id)}`)}>this run</a>,{" "}
            </>
          )}
          {exact(delivery.created_at)}
        </span>
      </p>
      {delivery.status === "captured" ? (
        <p class="calm">Kept, not sent: the school is in test mode, or its mail is set to be kept.</p>
      ) : null}
      {delivery.status === "suppressed" ? (
        <p class="calm">
          Not sent any more: it is marketing without the learner's consent, its run exited first, its automation was
          deleted, no page came to fetch it, the LMS knows no such change, or a later change took it back.
        </p>
      ) : null}
      <Content delivery={delivery} visit={visit} />
      <h2 class="part">Attempts</h2>
      {delivery.attempts.length === 0 ? (
        <p class="soft">None yet.</p>
      ) : (
        <ol class="log">
          {delivery.attempts.map((one) => (
            <li class={one.ok ? "" : "is-failed"}>
              <span class="log-time">{exact(one.at)}</span>
              <div>
                {one.ok ? "✓ taken" : "✕ refused"}
                {one.code === undefined ? "" : ` (${one.code})`} {one.error ?? ""}
              </div>
            </li>
          ))}
        </ol>
      )}
      <p class="hint">Idempotency key {delivery.idempotency_key}: the same on every attempt.</p>
    </Layout>,
  );
});

/** A message as a mail reader shows it: its own styles and pictures, no scripts, no forms, in nobody's frame but ours. */
const MESSAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

deliveriesPages.get("/deliveries/:id/preview", "viewer", async (c) => {
  const delivery = await c.var.visit.api.call("GET /v1/deliveries/:id", { params: c.req.param() });
  const html = isText(delivery.content.html) ? delivery.content.html : "";
  return c.body(
    `<!doctype html><meta charset="utf-8"><title>Message</title><style>body{font:15px/1.45 sans-serif;margin:12px}</style>${html}`,
    200,
    {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": MESSAGE_POLICY,
      "referrer-policy": "no-referrer",
    },
  );
});

deliveriesPages.post("/deliveries/:id/retry", "editor", async (c) => {
  const id = c.req.param("id");
  await c.var.visit.api.call("POST /v1/deliveries/:id/retry", { params: { id } });
  return seeOther(c, deliveryPath(c.var.visit, id), { done: "resent" });
});
