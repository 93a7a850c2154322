import type { Problem } from "../../../base/errors/errors";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, later, say, weave } from "../../../language/say";
import { Badge, EmptyState } from "../../components/bits";
import { Filters, SearchBox } from "../../components/forms/filters";
import { ActionButton, Form, TextField } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther, type Visit } from "../../visit";
import { deliveryPath } from "./delivery-table";

export type Suppression = AnswerTo<"GET /v1/suppressions/:id">;

const WHY = {
  bounced: later("mail does not arrive: no mail"),
  complained: later("reported a mail as spam: no marketing"),
  by_hand: later("by hand: no mail"),
} as const;

/** In words: why an address is suppressed, and what that keeps back. */
export const whySuppressed = ({ reason }: Pick<Suppression, "reason">): string => say(WHY[reason]);

const SOURCES: Readonly<Record<string, string>> = {
  hand: later("a person"),
  postmark: "Postmark",
  resend: "Resend",
  ses: "Amazon SES",
};

/** The one of an address, where there is one. */
async function foundBy(visit: Visit, address: string): Promise<Suppression[]> {
  const one = await visit.api.find("GET /v1/suppressions/:id", { params: { id: address } });
  return one ? [one] : [];
}

export const suppressionPages = new Pages();

/** @param refused why an address that was sent is not suppressed */
async function suppressionsPage(c: Ctx, sent = "", refused: Problem | null = null): Promise<Html> {
  const { visit } = c.var;
  const cursor = c.req.query("cursor");
  const asked = c.req.query("address")?.trim().slice(0, 300) ?? "";
  const page = asked === "" ? await visit.api.call("GET /v1/suppressions", { query: { limit: 50, cursor } }) : null;
  const found = page ?? { data: await foundBy(visit, asked), next_cursor: null };
  return (
    <Layout title={say("Suppressed addresses")} viewer={visit.viewer} section="deliveries">
      <PageHead title={say("Suppressed addresses")} />
      <Notice c={c} />
      <p class="soft after">
        {weave(
          "The school sends no mail to these addresses. Mail services report addresses where nothing arrives, and learners who report a mail as spam: {connectors} says how to set that up.",
          { connectors: <a href={visit.path("/settings/connectors")}>{say("Connectors")}</a> },
        )}
      </p>
      {visit.mayEdit ? (
        <Form action={visit.path("/suppressions")} class="inline after">
          <TextField
            name="address"
            type="email"
            label={say("Suppress an address")}
            value={sent}
            fault={faultAt(refused, "/address")}
            required
          />
          <button type="submit" class="button">
            {say("Suppress it")}
          </button>
        </Form>
      ) : null}
      {asked !== "" || found.data.length ? (
        <Filters
          action={visit.path("/suppressions")}
          clear={asked !== ""}
          search={<SearchBox name="address" label={say("Address")} value={asked} />}
        />
      ) : null}
      {found.data.length === 0 ? (
        <EmptyState title={say("None")}>
          <p>
            {asked === ""
              ? say("Mail goes to every learner who has an address.")
              : say("Mail goes to {address}: it is not suppressed.", { address: asked })}
          </p>
        </EmptyState>
      ) : (
        <>
          <Table<Suppression>
            caption={say("Suppressed addresses")}
            rows={found.data}
            keyOf={({ id }) => id}
            columns={[
              { head: say("Address"), names: true, cell: ({ address }) => address },
              { head: say("Why"), cell: (one) => <Badge tone="warning">{whySuppressed(one)}</Badge> },
              {
                head: say("Said by"),
                cell: ({ source, detail }) => `${inWords(SOURCES[source] ?? source)}${detail ? `: ${detail}` : ""}`,
              },
              {
                head: say("Since"),
                cell: ({ at }) => <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} />,
              },
              ...(visit.mayEdit
                ? [
                    {
                      head: say("Lift"),
                      cell: ({ id, address }: Suppression) => (
                        <ActionButton small action={visit.path(`/suppressions/${id}/lift`)}>
                          {say("Let mail go again")}
                          <span class="sr-only"> {say("to {address}", { address })}</span>
                        </ActionButton>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          <Pager page={found} at={visit.path("/suppressions")} c={c} />
        </>
      )}
    </Layout>
  );
}

suppressionPages.get("/suppressions", "viewer", async (c) => c.html(await suppressionsPage(c)));

suppressionPages.post("/suppressions", "editor", async (c) => {
  const address = (await formFieldsOf(c)).text("address");
  const { refused } = await attempt(() => c.var.visit.api.call("POST /v1/suppressions", { body: { address } }));
  if (refused) return c.html(await suppressionsPage(c, address, refused), 422);
  return seeOther(c, c.var.visit.path("/suppressions"), { done: "suppressed" });
});

suppressionPages.post("/suppressions/:id/lift", "editor", async (c) => {
  const { visit } = c.var;
  // Asked for on the page of a mail that did not leave, to be sent again from there.
  const delivery = (await formFieldsOf(c)).text("delivery");
  await visit.api.call("DELETE /v1/suppressions/:id", { params: c.req.param() });
  return seeOther(c, delivery === "" ? visit.path("/suppressions") : deliveryPath(visit, delivery), { done: "lifted" });
});
