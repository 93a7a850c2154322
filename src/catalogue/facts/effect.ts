/** What becomes of what an action's options name. */
export interface Effect {
  does: "gives" | "takes";
  /** Whether the user has it, how far they have come in it, or what stands in it; whether they have it when left out. */
  of?: "progress" | "value";
  /** What stands in it then: another that puts something else there undoes it. */
  value?: unknown;
  /** The option whose ids it is about; all when left out. */
  option?: string;
}

export const giving = (): Effect => ({ does: "gives" });
export const taking = (): Effect => ({ does: "takes" });
