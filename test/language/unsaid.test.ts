import { expect, test } from "vitest";
import { pagesIn, unsaidIn } from "./unsaid.mjs";

/** What is not for readers, or the same in every language; by its file. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  "app.tsx": ["Lax"],
  "client.ts": ["Bearer {}"],
  "components/frame/language-choice.tsx": ["English", "Deutsch"],
  "door/guard.ts": ["Lax", "trusted-types schoolbell-preview"],
  "door/sign-in.tsx": ["{} · Schoolbell"],
  // Little words that say nothing of what is looked for, in either language.
  "editor/draft/tree/search.ts": [
    "a an the is are has have gets get to of in user learner",
    "der die das dem den des ein eine einen einem einer ist sind wird hat bekommt zu von in im teilnehmer",
  ],
  "editor/draft/trial/trial.ts": ["Ida"],
  "editor/mail/tokens.ts": ["TooMuch"],
  "editor/stage/frame.tsx": ["body { margin: 12px; font: 15px/1.45 sans-serif; }"],
  // Columns of a file.
  "pages/automations/runs/executions.tsx": ["started by", "undone by"],
  // English alone bends its verbs so.
  "pages/automations/why/answer.tsx": ["was never {}", "did not {}", "was {}", "are {}"],
  "pages/problem.tsx": ["such learner"],
  // Names of vendors and formats.
  "pages/sending/suppressions.tsx": ["Postmark", "Resend", "Amazon SES"],
  "pages/settings/unused.tsx": ["CloudEvents", "Segment", "LearnWorlds", "Moodle", "OneRoster"],
  "words/sentences/faults.ts": ["{% end{} %}"],
  "words/vocabulary.ts": ["Ids known of a kind, for pickers."],
};

test("everything that the pages say is said in the reader's language", () => {
  const folder = new URL("../../src/admin", import.meta.url).pathname;
  const found = pagesIn(folder).flatMap((file) => {
    const name = file.slice(folder.length + 1);
    return unsaidIn(file)
      .filter(([, text]) => !SAME[name]?.includes(text))
      .map(([line, text]) => `${name}:${line}: ${text}`);
  });
  expect(found).toEqual([]);
});
