import type { FC } from "hono/jsx";
import { say } from "../../../language/say";
import { Badge } from "../../components/bits";
import { ActionButton } from "../../components/forms/form";

/* What syncs and auto groups have in common: they are on or off. */

export const OnOff: FC<{ on: boolean }> = ({ on }) =>
  on ? <Badge tone="good">{say("on")}</Badge> : <Badge>{say("off")}</Badge>;

interface SwitchProps {
  /** Where the thing is. */
  path: string;
  active: boolean;
  /** What it is called, where several stand on a page. */
  what?: string;
  /** What switching it off does. */
  off: string;
}

export const SwitchButton: FC<SwitchProps> = ({ path, active, what, off }) => (
  <ActionButton action={`${path}/active`} fields={{ active: active ? "false" : "true" }}>
    {active ? off : say("Switch on: all members are brought in line")}
    {what === undefined ? null : <span class="sr-only"> {what}</span>}
  </ActionButton>
);
