import { dateIn, say } from "../../../language/say";
import type { Release } from "../../../schools/platform/operations";

const minuteText = (at: string): string =>
  dateIn(Date.parse(at), {
    ...{ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
    ...{ timeZone: "UTC", timeZoneName: "short" },
  });

/** Which release runs, and since when. */
export const releaseText = ({ version, at, migration }: Release): string =>
  [
    ...(version === null
      ? []
      : [
          at === null
            ? say("Version {version}.", { version })
            : say("Version {version}, deployed {at}.", { version, at: minuteText(at) }),
        ]),
    ...(migration === null
      ? []
      : [say("Migrations up to {name} are applied.", { name: migration.replace(/\.sql$/, "") })]),
  ].join(" ");
