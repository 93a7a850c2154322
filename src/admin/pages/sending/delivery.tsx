import type { FC } from "hono/jsx";
import { isKeptLong } from "../../../automations/runs/resend";
import { keepsBack } from "../../../catalogue/messages/suppression";
import { heard } from "../../../language/heard";
import { inWords, say, weave } from "../../../language/say";
import { userNames } from "../../../users/finding/list";
import { Banner } from "../../components/bits";
import { ActionButton } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Moment } from "../../components/moment";
import { Pages } from "../../page";
import { formFieldsOf, seeOther, type Visit } from "../../visit";
import {
  canResend,
  type Delivery,
  DeliveryState,
  deliveryPath,
  headline,
  isBounced,
  isByHand,
  isText,
  isUndone,
} from "./delivery-table";
import { reasonInWords } from "./reasons";
import type { Suppression } from "./suppressions";

const Content: FC<{ delivery: Delivery; visit: Visit }> = ({ delivery, visit }) => {
  const {
    html,
    subject,
    title,
    body,
    text,
    kind: _,
    from_name: fromName,
    reply_to: replyTo,
    topic,
    ...rest
  } = delivery.content;
  const topicName = visit.school.settings.mail?.topics?.find(({ id }) => id === topic)?.name ?? topic;
  const heads = [
    [say("From"), fromName],
    [say("Replies go to"), replyTo],
    [say("Kind of mail"), topicName],
  ] as const;
  const head = isText(subject) ? subject : isText(title) ? title : null;
  const plain = isText(body) ? body : isText(html) ? null : isText(text) ? text : null;
  const others = Object.entries(isText(body) || body === undefined ? rest : { ...rest, body });
  return (
    <div class="letter">
      {head ? <div class="letter-subject">{head}</div> : null}
      {heads.some(([, value]) => isText(value)) ? (
        <dl class="facts letter-heads">
          {heads.map(([name, value]) =>
            isText(value) ? (
              <>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </>
            ) : null,
          )}
        </dl>
      ) : null}
      {isText(html) ? (
        <iframe
          class="frame is-tall"
          src={`${deliveryPath(visit, delivery.id)}/preview`}
          title={say("Mail: {subject}", { subject: head ?? "" })}
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

/** Whether its reason says what became of it after it had left. */
const isAfterwards = ({ status, reason }: Delivery): boolean =>
  status !== "suppressed" && ["bounced", "bounced_softly", "complained"].includes(reason ?? "");

/** Whether it was taken by an attempt before one: what failed then is that it bounced. */
const hasLeft = ({ attempts }: Delivery, index: number): boolean => attempts.slice(0, index).some(({ ok }) => ok);

const whatOf = ({ channel, content }: Delivery): string =>
  content.kind === "marketing" ? say("marketing {channel}", { channel: inWords(channel) }) : inWords(channel);

/** What would keep it back if it was sent again; null: nothing would, or it cannot be. */
async function suppressionOf({ api }: Visit, delivery: Delivery): Promise<Suppression | null> {
  const [to] = delivery.to;
  if (delivery.channel !== "email" || to === undefined) return null;
  if (!canResend(delivery) && !isBounced(delivery)) return null;
  const found = await api.find("GET /v1/suppressions/:id", { params: { id: to } });
  return found && keepsBack(found.reason, delivery.content.kind) ? found : null;
}

function sendText(delivery: Delivery, isOld: boolean): string {
  if (delivery.status === "queued") return say("Try now");
  if (isBounced(delivery)) return say("Send again");
  return isOld ? say("Send it all the same") : say("Send now");
}

export const deliveryPages = new Pages();

deliveryPages.get("/deliveries/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const delivery = await visit.api.call("GET /v1/deliveries/:id", { params: c.req.param() });
  const [users, suppression] = await Promise.all([
    userNames(c.env, visit.school.id, [delivery.user_id]),
    suppressionOf(visit, delivery),
  ]);
  const isOld = delivery.status === "not_sent" && isKeptLong(visit.school, Date.parse(delivery.created_at));
  // Its address is suppressed as long as nobody says that mail arrives there again.
  const mayGo = (canResend(delivery) || isBounced(delivery)) && !suppression;
  const exact = (at: string) => <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} exact />;
  return c.html(
    <Layout title={headline(delivery)} viewer={visit.viewer} section="deliveries">
      <PageHead title={headline(delivery)}>
        {mayGo && visit.mayEdit ? (
          <ActionButton
            action={`${deliveryPath(visit, delivery.id)}/retry`}
            tone="main"
            {...(isOld ? { fields: { old: "yes" } } : {})}
          >
            {sendText(delivery, isOld)}
          </ActionButton>
        ) : null}
      </PageHead>
      <Notice c={c} />
      <p class="lead inline">
        <DeliveryState delivery={delivery} visit={visit} />
        <span>
          {weave("{what} for {learner}", {
            what: whatOf(delivery),
            learner: (
              <a href={visit.path(`/learners/${encodeURIComponent(delivery.user_id)}`)}>
                {users.get(delivery.user_id) ?? delivery.user_id}
              </a>
            ),
          })}
          {delivery.to.length ? `, ${say("to {addresses}", { addresses: delivery.to.join(", ") })}` : ""},{" "}
          {isByHand(delivery) ? `${say("by hand")}, ` : null}
          {delivery.run_id === null ? null : (
            <>
              {weave("by {run}", {
                run: <a href={visit.path(`/runs/${encodeURIComponent(delivery.run_id)}`)}>{say("this run")}</a>,
              })}
              ,{" "}
            </>
          )}
          {exact(delivery.created_at)}
        </span>
      </p>
      {delivery.status === "captured" ? (
        <p class="calm">{say("Kept, not sent: the school is in test mode, or its mail is set to be kept.")}</p>
      ) : null}
      {delivery.status === "not_sent" ? (
        <p class="calm">
          {isOld
            ? say(
                "Kept, not sent: nobody had set up how it leaves. It goes only when somebody sends it; it is over a week old, so check whether it is still true.",
              )
            : say("Kept, not sent: nobody had set up how it leaves. It goes only when somebody sends it.")}
        </p>
      ) : null}
      {delivery.status === "suppressed" ? (
        <p class="calm">
          {say("Not sent any more: {reason}.", {
            reason:
              reasonInWords(delivery.reason) ??
              say(
                "it is marketing without the learner's consent, its run exited first, its automation was deleted, no page came to fetch it, the LMS knows no such change, or a later change took it back",
              ),
          })}
        </p>
      ) : null}
      {isUndone(delivery) ? <p class="calm">{say("Its run was undone since: it is sent no more.")}</p> : null}
      {suppression ? (
        <Banner tone="warning">
          <span>
            {say("{address} is a suppressed address, so this cannot be sent again: {reason}.", {
              address: suppression.address,
              reason: reasonInWords(suppression.reason) ?? "",
            })}
          </span>
          {visit.mayEdit ? (
            <ActionButton
              action={visit.path(`/suppressions/${suppression.id}/lift`)}
              fields={{ delivery: delivery.id }}
            >
              {say("Let mail go again")}
            </ActionButton>
          ) : null}
        </Banner>
      ) : null}
      {isAfterwards(delivery) && !suppression ? (
        <p class="calm">
          {say("It had left, but then: {reason}.", { reason: reasonInWords(delivery.reason) ?? "" })}{" "}
          <a href={visit.path("/suppressions")}>{say("Suppressed addresses")}</a>
        </p>
      ) : null}
      {delivery.opened_at === undefined ? null : (
        <p class="calm">
          {delivery.clicked_at === undefined
            ? weave("Opened {moment}; no link was followed yet.", { moment: exact(delivery.opened_at) })
            : weave("Opened {moment}; a link was followed {later}.", {
                moment: exact(delivery.opened_at),
                later: exact(delivery.clicked_at),
              })}
        </p>
      )}
      <Content delivery={delivery} visit={visit} />
      <h2 class="part">{say("Attempts")}</h2>
      {delivery.attempts.length === 0 ? (
        <p class="soft">{say("None yet.")}</p>
      ) : (
        <ol class="log">
          {delivery.attempts.map((one, index) => (
            <li class={one.ok ? "" : "is-failed"}>
              <span class="log-time">{exact(one.at)}</span>
              <div>
                {!one.ok
                  ? hasLeft(delivery, index)
                    ? say("✕ came back")
                    : one.code === undefined
                      ? say("✕ did not get through:")
                      : say("✕ refused")
                  : delivery.status === "captured"
                    ? say("kept@attempt")
                    : say("✓ taken")}
                {one.code === undefined ? "" : ` (${one.code})`} {heard(one.error ?? "")}
              </div>
            </li>
          ))}
        </ol>
      )}
      <p class="hint">{say("Idempotency key {key}: the same on every attempt.", { key: delivery.idempotency_key })}</p>
    </Layout>,
  );
});

/** A message as a mail reader shows it: its own styles and pictures, no scripts, no forms, in nobody's frame but ours. */
const MESSAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

deliveryPages.get("/deliveries/:id/preview", "viewer", async (c) => {
  const delivery = await c.var.visit.api.call("GET /v1/deliveries/:id", { params: c.req.param() });
  const html = isText(delivery.content.html) ? delivery.content.html : "";
  return c.body(
    `<!doctype html><meta charset="utf-8"><title>${say("Message")}</title><style>body{font:15px/1.45 sans-serif;margin:12px}</style>${html}`,
    200,
    {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": MESSAGE_POLICY,
      "referrer-policy": "no-referrer",
    },
  );
});

deliveryPages.post("/deliveries/:id/retry", "editor", async (c) => {
  const id = c.req.param("id");
  const old = (await formFieldsOf(c)).text("old") === "yes" ? "true" : "false";
  await c.var.visit.api.call("POST /v1/deliveries/:id/retry", { params: { id }, query: { old } });
  return seeOther(c, deliveryPath(c.var.visit, id), { done: "resent" });
});
