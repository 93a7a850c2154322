// A good definition of an automation, with what differs, and what rows about definitions share.
export const TAG = { type: "tags.add", tags: ["x"] };
export const definition = (differs = {}) => ({
  name: "a",
  when: [{ type: "user.signed_up" }],
  then: [TAG],
  ...differs,
});
export const made = (differs) => ({ path: "/v1/automations", body: definition(differs) });
export const many = (count, item) => Array.from({ length: count }, (_, n) => item(n));
export const signUp = (user) => ({ body: { type: "user.signed_up", user } });
