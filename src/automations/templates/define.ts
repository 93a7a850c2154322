import { z } from "zod";
import { once } from "../../base/cache";
import { type Fault, invalid } from "../../base/errors";
import { faultsOf } from "../../base/faults";
import type { Draft } from "../../definition/types";

/** A ready-made automation: what is asked of who uses it, and the definition that comes of the answers. */
export interface Template {
  /** A slug. */
  id: string;
  name: string;
  description: string;
  params: z.ZodObject;
  /** The parts of a definition, to be checked like any other. Throws a 422 with paths below `/params`. */
  build(params: unknown): Record<string, unknown>;
  /** The courses that a definition of its making leads through, one after the other; null: it is none of them any more. */
  chain?(definition: Pick<Draft, "when" | "only_if" | "then" | "exit_when" | "exit_if">): string[] | null;
}

/** Declares a template; its parts need no more knowledge of each other than the names of the params. */
export function defineTemplate<S extends z.ZodRawShape>(
  card: Pick<Template, "id" | "name" | "description" | "chain"> & {
    /** Made when first asked for. */
    params(): S;
    build(params: z.output<z.ZodObject<S, z.core.$strict>>): Record<string, unknown>;
  },
): Template {
  const params = once(() => z.strictObject(card.params()));
  return {
    ...card,
    get params() {
      return params();
    },
    build(raw) {
      const read = params().safeParse(raw);
      if (!read.success) throw invalid(faultsOf(read.error, ["params"]) satisfies Fault[]);
      return card.build(read.data);
    },
  };
}
