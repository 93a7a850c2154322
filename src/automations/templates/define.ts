import * as z from "zod";
import { once } from "../../base/cache";
import { type Fault, invalid } from "../../base/errors/errors";
import { faultsOf } from "../../base/errors/faults";
import { type Draft, isRecord } from "../../definition/types";
import { inWords } from "../../language/say";

/** A ready-made automation: what is asked of who uses it, and the definition that comes of the answers. */
export interface Template {
  /** A slug. */
  id: string;
  name: string;
  description: string;
  params: z.ZodObject;
  /** The parts of a definition, to be checked like any other. Throws a 422 with paths below `/params`. */
  build(params: unknown): Record<string, unknown>;
  /** What is wrong with the params, each by its schema. */
  faults(params: unknown): Fault[];
  /** The courses that a definition of its making leads through, one after the other; null: it is none of them any more. */
  chain?(definition: Pick<Draft, "when" | "only_if" | "then" | "exit_when" | "exit_if">): string[] | null;
}

/** The texts that stand where nobody wrote another, in the reader's language; the API's is English. */
export function textsOf({ params }: Pick<Template, "params">): Record<string, string> {
  const defaults = Object.entries(params.shape).map(([name, one]) => {
    const value: unknown = one instanceof z.ZodDefault ? one.def.defaultValue : undefined;
    return [name, value] as const;
  });
  return Object.fromEntries(
    defaults.flatMap(([name, value]) => (typeof value === "string" ? [[name, inWords(value)]] : [])),
  );
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
  const filled = (raw: unknown) => (isRecord(raw) ? { ...textsOf({ params: params() }), ...raw } : raw);
  return {
    ...card,
    get params() {
      return params();
    },
    faults(raw) {
      const { error } = params().safeParse(filled(raw));
      return error ? faultsOf(error, ["params"]) : [];
    },
    build(raw) {
      const read = params().safeParse(filled(raw));
      if (!read.success) throw invalid(faultsOf(read.error, ["params"]) satisfies Fault[]);
      return card.build(read.data);
    },
  };
}
