import type { FC } from "hono/jsx";
import type { Visit } from "../visit";
import { attempt } from "../visit";
import { Banner } from "./bits";
import { hrefWith } from "./filters";

/** What a filter by learner leads to: one, several to choose from, or nobody. */
export interface MeantLearner {
  /** The id; "" where nothing was typed, null where nobody, or more than one, is meant. */
  id: string | null;
  others: readonly { id: string; name: string }[];
}

const SHOWN = 5;

/** Who is meant by what was typed: an id, or what a search by name and address finds. */
export async function meantLearner(visit: Visit, typed: string): Promise<MeantLearner> {
  if (typed === "") return { id: "", others: [] };
  const known = await attempt(() => visit.api.call("GET /v1/users/:id", { params: { id: typed } }));
  if (known.value) return { id: known.value.id, others: [] };
  const { data } = await visit.api.call("GET /v1/users", { query: { q: typed, limit: SHOWN } });
  const [first] = data;
  if (first && data.length === 1) return { id: first.id, others: [] };
  return { id: null, others: data.map(({ id, username, email }) => ({ id, name: username || email || id })) };
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
        <span>Nobody is called “{typed}”.</span>
      ) : (
        <span>
          Several learners are called “{typed}”:{" "}
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
