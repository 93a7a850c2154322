import type { FC } from "hono/jsx";
import { Problem } from "../../../base/errors/errors";
import { searchKey } from "../../../base/text/text";
import { say } from "../../../language/say";
import type { Visit } from "../../visit";
import { attempt } from "../../visit";
import { Banner } from "../bits";
import { hrefWith } from "./filters";
import { findLearners } from "./found-learners";

/** What a filter by learner leads to: one, several to choose from, or nobody. */
export interface MeantLearner {
  /** The id; "" where nothing was typed, null where nobody, or more than one, is meant. */
  id: string | null;
  others: readonly { id: string; name: string }[];
  /** Whether they are called just so; else what was typed is part of their names. */
  areCalledSo?: boolean;
}

const SHOWN = 5;
const LOOKED_AT = 20;

interface Called {
  id: string;
  username: string | null;
  email: string | null;
}

const nameOf = ({ id, username, email }: Called): string =>
  username && email ? `${username} (${email})` : username || email || id;

/** Who is meant by what was typed: an id, a whole name or address that one alone has, or all that a search finds. */
export async function meantLearner(visit: Visit, typed: string): Promise<MeantLearner> {
  if (typed === "") return { id: "", others: [] };
  const known = await attempt(() => visit.api.call("GET /v1/users/:id", { params: { id: typed } }));
  if (known.value) return { id: known.value.id, others: [] };
  const { data } = await findLearners(visit, { q: typed, limit: LOOKED_AT });
  const key = searchKey(typed);
  const whole = data.filter(({ username, email }) => [username, email].some((one) => one && searchKey(one) === key));
  const [meant, ...more] = whole.length > 0 ? whole : data;
  if (meant && more.length === 0) return { id: meant.id, others: [] };
  // Those who are called just so come first: of many some are shown.
  const others = [...new Set([...whole, ...data])].slice(0, SHOWN);
  const named = others.map((one) => ({ id: one.id, name: nameOf(one) }));
  return { id: null, others: named, areCalledSo: whole.length > 0 };
}

/** The one who is meant, for forms. @throws Problem 422 where that is nobody, or several */
export async function oneLearner(visit: Visit, typed: string): Promise<string> {
  const { id, others } = await meantLearner(visit, typed);
  if (id !== null && id !== "") return id;
  throw new Problem(
    "invalid",
    others.length === 0
      ? typed === ""
        ? say("Say which learner.")
        : say("Nobody is called “{typed}”.", { typed })
      : say("Several learners are called “{typed}”: {names}. Give the email address of one.", {
          typed,
          names: others.map(({ name }) => name).join(", "),
        }),
  );
}

/** Whom the filter may have meant. */
export const WhoWasMeant: FC<{ typed: string; meant: MeantLearner; at: string; filters: Record<string, string> }> = ({
  typed,
  meant,
  at,
  filters,
}) =>
  meant.id !== null ? null : (
    <Banner>
      {meant.others.length === 0 ? (
        <span>{say("Nobody is called “{typed}”.", { typed })}</span>
      ) : (
        <span>
          {meant.areCalledSo
            ? say("Several learners are called “{typed}”:", { typed })
            : say("“{typed}” is part of several names:", { typed })}{" "}
          {meant.others.map(({ id, name }, index) => (
            <>
              {index > 0 ? ", " : ""}
              <a href={hrefWith(at, { ...filters, user: id })}>{name}</a>
            </>
          ))}
        </span>
      )}
    </Banner>
  );
