import type { FC } from "hono/jsx";
import { countToResend, isKeptLong } from "../../../automations/runs/resend";
import { channels } from "../../../catalogue/channels";
import { setUpIn } from "../../../connectors";
import { inWords, many, say, weave } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Form } from "../../components/forms/form";
import { Moment } from "../../components/moment";
import type { Ctx, Visit } from "../../visit";

/** Said of so many and no more: who has kept thousands needs no exact figure to act. */
const COUNTED = 1_000;

export interface Kept {
  count: number;
  oldest: number | null;
  /** Whether mail leaves by now. */
  isSetUp: boolean;
}

/** What was kept, not sent, because nobody had set up how it leaves. */
export async function keptOf(c: Ctx): Promise<Kept> {
  const { school } = c.var.visit;
  const found = await countToResend(c.env, school.id, { status: "not_sent" }, COUNTED);
  return { ...found, isSetUp: setUpIn(school)("email") };
}

const countText = (count: number): string => (count > COUNTED ? say("over {n}", { n: COUNTED }) : String(count));

const messagesKept = (count: number): string =>
  many(count, "{count} message was kept, not sent", "{count} messages were kept, not sent", {
    count: countText(count),
  });

export const notSetUpText = (count: number): string =>
  say("Mail is not set up: {messages}.", { messages: messagesKept(count) });

/** Says what never left, in the place of a tick; and once it can leave, offers that. It is never sent by itself. */
export const KeptNotice: FC<{ visit: Visit; kept: Kept }> = ({ visit, kept }) => {
  const { count, oldest, isSetUp } = kept;
  if (count === 0 || oldest === null) return null;
  const messages = messagesKept(count);
  const shown = <a href={visit.path("/deliveries?status=not_sent")}>{say("What was kept")}</a>;
  if (!isSetUp)
    return (
      <Banner tone="warning">
        <span>⚠ {notSetUpText(count)}</span>
        {visit.mayEdit ? <a href={visit.path("/settings/connectors")}>{say("Set up mail")}</a> : null}
        {shown}
      </Banner>
    );
  const isOld = isKeptLong(visit.school, oldest);
  return (
    <Banner tone="warning">
      <span>
        {weave("⚠ {messages}, the first of them {moment}.", {
          messages,
          moment: <Moment atMs={oldest} nowMs={visit.nowMs} timezone={visit.timezone} />,
        })}
      </span>
      {shown}
      {visit.mayEdit && count <= COUNTED ? (
        <Form action={visit.path("/deliveries/send-kept")} class="inline">
          <input type="hidden" name="count" value={String(count)} />
          {isOld ? (
            <label class="check">
              <input type="checkbox" name="old" value="yes" required /> {say("also what is over a week old")}
            </label>
          ) : null}
          <button type="submit" class="button">
            {count === 1 ? say("Send it now") : say("Send all {count} now", { count: String(count) })}
          </button>
        </Form>
      ) : null}
    </Banner>
  );
};

/** The labels of channels, for filters. */
export const channelChoices = () => channels.map(({ name, label }) => [name, inWords(label)] as const);
