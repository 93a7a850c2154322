import type { Child, FC } from "hono/jsx";
import { stateText } from "../words/sentences/reasons";
import { howFar } from "./how-far";

export type Tone = "plain" | "good" | "accent" | "warning" | "failure";

const MARKS: Readonly<Record<Tone, string>> = { plain: "○", good: "✓", accent: "◷", warning: "⚠", failure: "✕" };

/** A state in a word, with a mark beside its colour. */
export const Badge: FC<{ tone?: Tone; mark?: string; children?: Child }> = ({ tone = "plain", mark, children }) => (
  <span class={tone === "plain" ? "badge" : `badge is-${tone}`}>
    <span aria-hidden="true">{mark ?? MARKS[tone]}</span>
    {children}
  </span>
);

// The states of runs, steps and deliveries (contract §6, §7, §13); what is not here is shown plainly.
const TONES: Readonly<Record<string, Tone>> = {
  completed: "good",
  done: "good",
  sent: "good",
  captured: "good",
  active: "good",
  running: "accent",
  queued: "accent",
  waiting: "accent",
  held: "warning",
  suppressed: "warning",
  skipped: "plain",
  exited: "plain",
  cancelled: "plain",
  failed: "failure",
};

export const StatusBadge: FC<{ status: string }> = ({ status }) => (
  <Badge tone={Object.hasOwn(TONES, status) ? (TONES[status] ?? "plain") : "plain"}>{stateText(status)}</Badge>
);

/** A page with nothing on it yet: what would be here, and the first step. */
export const EmptyState: FC<{ title: string; children?: Child }> = ({ title, children }) => (
  <div class="empty">
    <h2>{title}</h2>
    {children}
  </div>
);

/** Something slow, with a count; the page may be left. */
export const Progress: FC<{ label: string; done: number; total: number; isLive: boolean }> = ({
  label,
  done,
  total,
  isLive,
}) => (
  <div class="progress">
    <span>
      {label}: {howFar(done, total, isLive)}
    </span>
    <progress value={done} max={Math.max(total, 1)} aria-label={label} />
  </div>
);

/** What stands above a page: a warning, a failure, what was done, or news. The only copy of an error never vanishes by itself. */
export const Banner: FC<{ tone?: "plain" | "good" | "warning" | "fault"; children?: Child }> = ({
  tone = "plain",
  children,
}) => (
  <div class={tone === "plain" ? "banner" : `banner is-${tone}`} role={tone === "fault" ? "alert" : undefined}>
    {children}
  </div>
);
