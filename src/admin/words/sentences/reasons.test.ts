import { expect, test } from "vitest";
import { reasonInWords } from "../../pages/sending/reasons";
import { MAIL_KEPT_BACK, reasonText } from "./reasons";

/** The source of every card. */
const sources: Record<string, string> = import.meta.glob("../../../catalogue/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

test("whatever a card gives as the reason for doing nothing has words", () => {
  const given = Object.values(sources).flatMap((text) =>
    [...text.matchAll(/\bskipped\(([^)]*)\)/g)].flatMap(([, inside = ""]) =>
      [...inside.matchAll(/"([a-z_]+)"/g)].flatMap(([, reason]) => reason ?? []),
    ),
  );
  expect(given.length).toBeGreaterThan(20);
  const left = given.filter((reason) => reasonText(reason) === reason.replaceAll("_", " "));
  // These are the words for it.
  expect([...new Set(left)]).toEqual(["not_enrolled", "not_suspended"]);
});

test("why a mail is kept back is said in the same words of its step and of its delivery", () => {
  for (const reason of Object.keys(MAIL_KEPT_BACK)) expect(reasonText(reason)).toBe(reasonInWords(reason));
  expect(reasonText("by_hand")).toBe("the address was put on the suppression list by hand");
});
