import { expect, test } from "vitest";
import { actions } from "..";

const told = (type: string, params: object) => actions.get(type)?.saysNothing?.({ type, ...params });

test.each([
  ["email.user", { subject: "Hi", body: "" }, ["it has no body"]],
  ["email.user", { subject: "\u200b ", body: "<p>&nbsp;</p>" }, ["it has no subject", "it has no body"]],
  ["email.user", { subject: "Hi", body: "{{ event.text }}" }, []],
  ["email.user", { subject: "Hi", body: '<img src="https://acme.com/a.png">' }, []],
  ["email.collaborators", { subject: "Hi", body: "<br>" }, ["it has no body"]],
  ["message.user", { body: "  " }, ["it has no body"]],
  ["push.user", { title: "Hi", body: "" }, []],
  ["push.user", { title: " ", body: " " }, ["it has no title", "it has no body"]],
])("%s that says %j is told so when it is saved", (type, params, expected) => {
  expect(told(type, params)).toEqual(expected);
});
