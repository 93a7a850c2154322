import { env } from "cloudflare:workers";

/*
 * The Worker with a world of its own, for the test of neighbours alone: what it calls at https://<name>.fair-school.com/ is
 * answered by a server of the test. What is deployed has none of this.
 */

const world = String(Reflect.get(env, "WORLD_URL"));
const real = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input);
  const name = hostname.endsWith(".fair-school.com") ? hostname.slice(0, -".fair-school.com".length) : null;
  return name === null ? real(input, init) : real(`${world}/${name}`, init);
};

export { default, SchoolObject, UserObject } from "../../src/index";
