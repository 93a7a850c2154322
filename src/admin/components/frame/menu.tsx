import type { Child, FC } from "hono/jsx";
import { Icon } from "../icon";

/** What is done less often, behind three dots; it opens without script, and another that opens closes it. */
export const Menu: FC<{ label: string; small?: boolean; children?: Child }> = ({ label, small = false, children }) => (
  <details class="menu" name="menu">
    <summary class={`button is-quiet${small ? " is-small" : ""}`} aria-label={label} title={label}>
      <Icon name="more" />
    </summary>
    <div class="menu-list">{children}</div>
  </details>
);
