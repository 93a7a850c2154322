import { describe, expect, test } from "vitest";
import { env } from "../http/test-client";
import { refusal } from "./calling/http";
import { ownAddresses } from "./own";

const refusalOf = async (url: string, variables: Record<string, string>) => {
  const { ownHosts, loopback } = ownAddresses({ ...env, ...variables });
  const world = { fetch, now: () => 0, env: {}, resolve: null };
  return refusal(url, { mode: "live" }, { ...world, ownHosts, ...(loopback ? { loopback } : {}) });
};

describe("a server on the machine itself", () => {
  test.each(["http://127.0.0.1:9000/in", "http://localhost/"])("%s is called under LOCAL alone", async (url) => {
    expect(await refusalOf(url, { LOCAL: "true" })).toBeNull();
    expect(await refusalOf(url, { LOCAL: "false" })).toMatchObject({ ok: false, retry: false });
  });

  test.each(["http://127.0.0.1:8787/", "http://localhost:8787/v1/events"])(
    "%s is ours, and never called",
    async (url) => {
      for (const LOCAL of ["true", "false"])
        expect(await refusalOf(url, { LOCAL, PUBLIC_URL: "http://localhost:8787" })).toMatchObject({ ok: false });
    },
  );
});
