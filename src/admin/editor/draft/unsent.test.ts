import { expect, test } from "vitest";
import { lanesOf } from "../../../catalogue/steps";
import { unsentIn } from "./unsent";

test("what would not leave is found in branches too, and each way is said once", () => {
  const mail = { type: "email.user", subject: "Hi" };
  const then = [mail, { type: "branch", yes: [mail], no: [{ type: "push.user" }] }, { type: "tags.add" }];
  const unsent = { "email.user": "Email is not set up", "push.user": "Push is not set up" };
  expect(unsentIn({ then }, unsent, lanesOf)).toEqual(["Email is not set up", "Push is not set up"]);
  expect(unsentIn({ then }, {}, lanesOf)).toEqual([]);
});
