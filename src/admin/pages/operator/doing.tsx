import type { FC } from "hono/jsx";
import { channels } from "../../../catalogue/channels";
import { figure, inWords, say } from "../../../language/say";
import type { Operations } from "../../../schools/platform/operations";
import { Badge } from "../../components/bits";

const MOST = 1_000;
/** A count that stops at the most that is counted. */
export const upTo = (count = 0): string => (count >= MOST ? `${figure(MOST)} +` : figure(count));

/** What a connection's problem is called: `email_failing`, `lms_broken`. */
function connectionText(code: string): string {
  if (code === "lms_broken") return say("LMS broken");
  const label = channels.find(({ name }) => code.startsWith(`${name}_`))?.label;
  const channel = label === undefined ? code : inWords(label);
  return code.endsWith("_failing") ? say("{channel} failing", { channel }) : say("{channel} not set up", { channel });
}

/** How a school stands, and what is wrong with it, in a few words each. */
export const Doing: FC<{ of: Operations | undefined; suspended: boolean }> = ({ of, suspended }) => {
  const found = [
    ...(suspended ? [say("suspended")] : []),
    ...(of?.overdue ? [say("{n} overdue", { n: upTo(of.overdue) })] : []),
    ...(of?.deadLetters ? [say("{n} given up", { n: upTo(of.deadLetters) })] : []),
    ...(of?.connections ?? []).map(connectionText),
  ];
  return (
    <span class="tags">
      {found.length ? (
        found.map((text) => <Badge tone="warning">{text}</Badge>)
      ) : (
        <Badge tone="good">{say("well")}</Badge>
      )}
    </span>
  );
};
