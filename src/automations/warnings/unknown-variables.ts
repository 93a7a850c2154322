import { actions } from "../../catalogue";
import { variablesNamed } from "../../catalogue/checking/references";
import type { Piece } from "../../catalogue/messages/pieces";
import { variablesOf } from "../../catalogue/messages/scope";
import type { Warning } from "../../definition/answers";
import type { Definition } from "../../definition/types";
import { isListed } from "../../definition/variables";

const MOST_TOLD = 50;

/**
 * Variables that nobody declares: in what is sent they are empty.
 * @param fields those that the school has declared, by their keys
 * @param pieces those that it has written
 */
export function unknownVariables(
  definition: Definition,
  fields: ReadonlyMap<string, unknown>,
  pieces: readonly Piece[] = [],
): Warning[] {
  const listed = variablesOf(new Map([...fields.keys()].map((key) => [key, key])), pieces);
  const messages = [...variablesNamed(definition)]
    .filter(({ name }) => !isListed(name, listed))
    .map(({ name, use }) => unknownVariable(name, actions.get(use.type)?.label ?? use.type));
  return [...new Set(messages)].slice(0, MOST_TOLD).map((message) => ({ code: "unknown_variable", message }));
}

const unknownVariable = (name: string, card: string): string =>
  `“${card}” names {{ ${name} }}, which nobody has declared: it stays empty.`;
