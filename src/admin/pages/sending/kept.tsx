import type { FC } from "hono/jsx";
import { countToResend, isKeptLong } from "../../../automations/runs/resend";
import { channels } from "../../../catalogue/channels";
import { setUpIn } from "../../../connectors";
import { say } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Form } from "../../components/form";
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

const many = (count: number): string => (count > COUNTED ? `over ${COUNTED.toLocaleString("en")}` : String(count));

/** Says what never left, in the place of a tick; and once it can leave, offers that. It is never sent by itself. */
export const KeptNotice: FC<{ visit: Visit; kept: Kept }> = ({ visit, kept }) => {
  const { count, oldest, isSetUp } = kept;
  if (count === 0 || oldest === null) return null;
  const messages = `${many(count)} ${count === 1 ? "message was" : "messages were"} kept, not sent`;
  const shown = <a href={visit.path("/deliveries?status=not_sent")}>{say("What was kept")}</a>;
  if (!isSetUp)
    return (
      <Banner tone="warning">
        <span>⚠ Mail is not set up: {messages}.</span>
        {visit.mayEdit ? <a href={visit.path("/settings/connectors")}>{say("Set up mail")}</a> : null}
        {shown}
      </Banner>
    );
  const isOld = isKeptLong(visit.school, oldest);
  return (
    <Banner tone="warning">
      <span>
        ⚠ {messages}, the first of them <Moment atMs={oldest} nowMs={visit.nowMs} timezone={visit.timezone} />.
      </span>
      {shown}
      {visit.mayEdit && count <= COUNTED ? (
        <Form action={visit.path("/deliveries/send-kept")} class="inline">
          <input type="hidden" name="count" value={String(count)} />
          {isOld ? (
            <label class="check">
              <input type="checkbox" name="old" value="yes" required /> also what is over a week old
            </label>
          ) : null}
          <button type="submit" class="button">
            Send {count === 1 ? "it" : `all ${count}`} now
          </button>
        </Form>
      ) : null}
    </Banner>
  );
};

/** The labels of channels, for filters. */
export const CHANNELS: readonly (readonly [string, string])[] = channels.map(({ name, label }) => [name, label]);
