import type { Learner } from "../../src/catalogue/facts/facts";
import { tagKey } from "../../src/catalogue/tags/key";

/** What is held with no giver, and givers of what is not held. */
export function giverFaults(learner: Learner): string[] {
  const { givers } = learner;
  const held: [keyof typeof givers, readonly string[]][] = [
    ["tags", learner.tags.map(tagKey)],
    ["fields", Object.keys(learner.fields)],
    ["seats", learner.seats],
    ["spaces", learner.spaces],
    ["segments", learner.segments],
  ];
  const sources = [...learner.enrolments, ...learner.groups].flatMap((one) => one.sources);
  return [
    ...held.flatMap(([kind, names]) => {
      const known = Object.keys(givers[kind]);
      return [
        ...names.filter((name) => !known.includes(name)).map((name) => `nobody gave ${kind} ${name}`),
        ...known.filter((name) => !names.includes(name)).map((name) => `${kind} ${name} is not held`),
      ];
    }),
    // A state of another release may lack it.
    ...sources.filter(({ given }) => !(given as unknown)).map(({ source }) => `nobody gave ${source}`),
  ];
}
