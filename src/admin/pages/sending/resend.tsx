import type { FC } from "hono/jsx";
import { heard } from "../../../language/heard";
import { say } from "../../../language/say";
import { Banner } from "../../components/bits";
import { hrefWith } from "../../components/forms/filters";
import { Form } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Pages } from "../../page";
import { attempt, backTo, formFieldsOf, seeOther, type Visit } from "../../visit";
import { deliveryPath, headline } from "./delivery-table";

/* Sending again what is ticked in the list of deliveries. */

/** The form that the list's boxes belong to. */
export const RESEND = "retry";

/** So many are sent again at once: more are on no page. */
const MOST = 100;

/** The address of the list with all that may be sent ticked, or nothing; at the form. */
const picking = (here: string, isAll: boolean): string => {
  const [path = "", query = ""] = here.split("?");
  const asked = Object.fromEntries(new URLSearchParams(query));
  return `${hrefWith(path, { ...asked, pick: isAll ? "all" : "" })}#${RESEND}`;
};

/** Above the list: nothing is ticked unless a person does. @param props `here`: the address of the page as it is filtered */
export const ResendForm: FC<{ visit: Visit; here: string; isAll: boolean }> = ({ visit, here, isAll }) => (
  <Form action={visit.path("/deliveries/retry")} id={RESEND} class="inline after">
    <input type="hidden" name="here" value={here} />
    <a class="button" href={picking(here, !isAll)}>
      {isAll ? say("Select none") : say("Select all shown")}
    </a>
    <button type="submit" class="button">
      {say("Send the selected ones now")}
    </button>
    <span class="hint">{say("Nobody gets one twice.")}</span>
  </Form>
);

interface Refused {
  id: string;
  called: string;
  why: string;
}

/** Which were not sent again, and why. */
const RestPage: FC<{ visit: Visit; here: string; sent: number; refused: readonly Refused[] }> = ({
  visit,
  here,
  sent,
  refused,
}) => (
  <Layout title={say("Not all were sent again")} viewer={visit.viewer} section="deliveries">
    <PageHead title={say("Not all were sent again")} />
    <Banner tone="warning">
      <div>
        <p>{say("It was done for {n} of {all}. These are as they were:", { n: sent, all: sent + refused.length })}</p>
        <ul class="plain">
          {refused.map(({ id, called, why }) => (
            <li>
              <a href={deliveryPath(visit, id)}>{called}</a>: {why}
            </li>
          ))}
        </ul>
      </div>
    </Banner>
    <p class="after">
      <a class="button" href={here}>
        {say("Back to the list")}
      </a>
    </p>
  </Layout>
);

export const resendPages = new Pages();

resendPages.post("/deliveries/retry", "editor", async (c) => {
  const { visit } = c.var;
  const fields = await formFieldsOf(c);
  const here = backTo(fields.text("here"), visit.path("/deliveries"));
  const ids = fields.list("id").slice(0, MOST);
  if (ids.length === 0) return seeOther(c, here, { done: "none_ticked" });
  const refused: Refused[] = [];
  for (const id of ids) {
    const one = await attempt(() => visit.api.call("POST /v1/deliveries/:id/retry", { params: { id } }));
    if (!one.refused) continue;
    const found = await visit.api.find("GET /v1/deliveries/:id", { params: { id } });
    refused.push({ id, called: found ? headline(found) : id, why: heard(one.refused.detail) });
  }
  const sent = ids.length - refused.length;
  if (refused.length > 0) return c.html(<RestPage {...{ visit, here, sent, refused }} />);
  return seeOther(c, here, { done: "resent_many", n: String(sent) });
});
