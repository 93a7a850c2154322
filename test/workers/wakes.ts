import { vi } from "vitest";
import { env } from "./live";

/** Who of a school is woken from now on, in turn. */
export function watchWakes(of: string): string[] {
  const woken: string[] = [];
  const { getByName } = env.USERS;
  vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    const [id, user] = JSON.parse(name);
    const object = getByName.call(env.USERS, name);
    if (id !== of) return object;
    return new Proxy(object, {
      get:
        (stub, method) =>
        (...args: unknown[]) => {
          if (method === "advance") woken.push(user);
          // A stub answers to every name with a remote method.
          return (stub as unknown as Record<PropertyKey, (...args: unknown[]) => unknown>)[method]?.(...args);
        },
    });
  });
  return woken;
}
