import pMap from "p-map";
import { attributes } from "../catalogue/account/attributes";
import { formatInstant } from "../catalogue/dates/time";
import type { LmsPerson } from "../connectors";
import type { JobScene } from "../jobs/define";
import { userId } from "../users/events/event";
import { changeInPage, tellImported } from "../users/import/telling";

const AT_ONCE = 12;
const PARTS = attributes.pick({ email: true, username: true, registered_at: true }).partial();

/** Makes people of the LMS users here, or learns what they are called. Answers with what could not be taken. */
export async function takePeople(scene: JobScene, people: readonly LmsPerson[]) {
  const faults = await pMap(
    people,
    async (person) => {
      if (!userId.safeParse(person.id).success) return { message: `"${person.id}" is no id of a user here` };
      const { known, wrong } = attributesOf(person);
      const input = {
        kind: "import",
        attributes: known,
        tags: [],
        fire: false,
        origin: { by: "event", id: null },
      } as const;
      await changeInPage(scene, person.id, input, { creates: true });
      return wrong.length ? { user: person.id, message: `left out, as it is not good: ${wrong.join(", ")}` } : null;
    },
    { concurrency: AT_ONCE },
  );
  await tellImported(
    scene,
    people.map(({ id }) => id),
  );
  return faults.flatMap((fault) => fault ?? []);
}

/** What the LMS tells of somebody, as far as it is good; of what it does not tell nothing is said. */
function attributesOf({ email, username, registeredAt }: LmsPerson) {
  const told = {
    ...(email === null ? {} : { email }),
    ...(username === null ? {} : { username }),
    ...(registeredAt === undefined ? {} : { registered_at: formatInstant(registeredAt) }),
  };
  const all = PARTS.safeParse(told);
  if (all.success) return { known: all.data, wrong: [] };
  const wrong = [...new Set(all.error.issues.map(({ path }) => String(path[0])))];
  const good = Object.fromEntries(Object.entries(told).filter(([name]) => !wrong.includes(name)));
  return { known: PARTS.parse(good), wrong };
}
