// Rows 58–60: files, pages, people.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { signIn } from "../admin.mjs";
import { importSource } from "../routes.mjs";
import { newMark } from "../school.mjs";

const MIB = 1_024 * 1_024;
const file = (body, type = "text/csv") => ({ path: "/v1/users/import", body, headers: { "content-type": type } });

export const others = {
  58: async ({ refused, taken, school, holds, renew }) => {
    await refused("32 MiB + 1", 413, file("x".repeat(32 * MIB + 1)));
    await refused("a column twice", 422, file("id,email,email\n"));
    await refused("an unknown column", 422, file("id,colour\nanna,red\n"));
    await refused("UTF-16", [400, 415, 422], file(Buffer.from("id\nanna\n", "utf16le")));
    const lines = ["anna,Anna", "ben,=cmd|'/c calc'!A1", "c\0d,Cas", `dan,${"x,".repeat(500)}`, "anna,Again", "ed,Ed"];
    const { job_id } = (await taken("lines of all kinds", file(`id,username\n${lines.join("\n")}\n`), 202)) ?? {};
    const job = await school.job(job_id);
    const bad = job.errors.map(({ line }) => line);
    holds(
      "NUL, too long and double told by line",
      [4, 5, 6].every((line) => bad.includes(line)),
    );
    const { data } = await school.call("GET", "/v1/users");
    holds(
      "the good ones applied",
      ["anna", "ben", "ed"].every((id) => data.some((user) => user.id === id)),
    );
    holds("a formula kept as text", data.find(({ id }) => id === "ben")?.username === "=cmd|'/c calc'!A1");
    const { job_id: open } = (await taken("an unclosed quote", file('id,username\nfay,"Fay\n'), 202)) ?? {};
    holds("told by line", (await school.job(open)).errors.length > 0);
    await renew();
    const zip = (files) => file(Buffer.from(zipSync(files)), "application/zip");
    const users = strToU8("sourcedId,status,dateLastModified,enabledUser,username\nzoe,,,true,Zoe\n");
    for (const name of ["../users.csv", "..\\users.csv"])
      await refused(`a zip with ${name}`, 422, zip({ [name]: users }));
    await refused("a bomb of a zip", [413, 422], zip({ "users.csv": new Uint8Array(100 * MIB) }));
    await refused("the beginning of a zip", 422, file(Buffer.from("PK\x03\x04"), "application/zip"));
    await refused("a zip cut off", 422, file(zip({ "users.csv": users }).body.subarray(0, 100), "application/zip"));
  },
  59: async ({ client, school, holds, renew, unchanged, note }) => {
    const mark = newMark("staff");
    const collaborators = ["owner", "viewer"].map((role) => ({ email: `${role}@${mark}.com`, role }));
    await school.call("PATCH", "/v1/school", { settings: { collaborators } });
    const owner = await signIn(client, `owner@${mark}.com`);
    const viewer = await signIn(client, `viewer@${mark}.com`);
    await renew();
    const home = `/admin/s/${school.id}`;
    const tag = JSON.stringify({ id: "s", name: "S" });
    const post = (headers, path = `${home}/api/segments`, body = tag) =>
      client.send({ method: "POST", path, headers, body });
    const evil = { cookie: owner.cookie, origin: "https://evil.example" };
    for (const [what, headers] of Object.entries({
      "JSON from elsewhere": { ...evil, "content-type": "application/json" },
      "text/plain from elsewhere": { ...evil, "content-type": "text/plain" },
      "an unknown type from elsewhere": { ...evil, "content-type": "application/x-odd" },
      "Sec-Fetch-Site with an evil Origin": {
        ...evil,
        "content-type": "application/json",
        "sec-fetch-site": "same-origin",
      },
      "no Origin": { cookie: owner.cookie, "content-type": "application/json" },
    })) {
      for (const path of [`${home}/api/segments`, `${home}/segments`])
        holds(`${what}: ${path}`, (await post(headers, path)).status === 403);
      await unchanged(what);
    }
    note("a viewer's edit is 403 by both the pages and their interface");
    const asViewer = { ...viewer, "content-type": "application/json" };
    holds("a viewer's edit", (await post(asViewer)).status === 403);
    await unchanged("a viewer's edit");
    holds(
      "a new id at sign-in",
      (
        await signIn(
          {
            ...client,
            send: (asked) => client.send({ ...asked, headers: { ...asked.headers, cookie: owner.cookie } }),
          },
          `owner@${mark}.com`,
        )
      ).cookie !== owner.cookie,
    );
    const again = await signIn(client, `owner@${mark}.com`);
    const form = { ...again, "content-type": "application/x-www-form-urlencoded" };
    await post(form, "/admin/sign-out", "");
    holds("after sign-out", (await client.send({ path: `${home}/api/school`, headers: again })).status === 401);
    const asked = await post(
      { origin: client.url, "content-type": "application/x-www-form-urlencoded" },
      "/admin/sign-in",
      `email=viewer%40${mark}.com&next=//evil.com`,
    );
    const link = /\/admin\/sign-in\/[A-Za-z0-9_-]{43}/.exec(asked.text)?.[0];
    const done = await post(
      { origin: client.url, "content-type": "application/x-www-form-urlencoded" },
      link,
      "next=//evil.com",
    );
    holds("next stays here", /^\/admin(?:\/|$)/.test(done.headers.location ?? ""));
    await renew();
  },
  60: async ({ client, worker, school, holds, renew, unchanged, refused, taken, send }) => {
    const { unsubscribeToken, signingKey, UNSUBSCRIBE } = await importSource(
      'export { UNSUBSCRIBE, unsubscribeToken } from "./src/connectors/vendors/unsubscribe"; export { signingKey } from "./src/connectors/secrets/keys";',
    );
    await school.event("user.signed_up", { id: "u1", email: "u1@example.com", marketing_consent: true });
    const whom = { school: school.id, epoch: 1, user: "u1" };
    const token = await unsubscribeToken(
      await signingKey(readFileSync(join(worker.state, "secret-key"), "utf8"), UNSUBSCRIBE),
      whom,
    );
    await renew();
    const at = (method, text = token) => client.send({ method, path: `/unsubscribe/${text}` });
    holds("GET shows", (await at("GET")).status === 200);
    await unchanged("GET of the link");
    const flipped = `${token.slice(0, 20)}${token[20] === "A" ? "B" : "A"}${token.slice(21)}`;
    for (const method of ["GET", "POST"]) holds("one bit changed", (await at(method, flipped)).status === 404);
    await unchanged("a link with one bit changed");
    for (const time of [1, 2]) holds(`POST ${time}`, (await at("POST")).status === 200);
    holds("no consent", (await school.call("GET", "/v1/users/u1")).marketing_consent === false);

    await school.call("POST", "/v1/automations", {
      name: "a",
      active: true,
      when: [{ type: "user.signed_in" }],
      then: [{ type: "email.user", subject: "S", body: "B" }],
    });
    await school.event("user.signed_in", "u1");
    const erased = await send({ method: "DELETE", path: "/v1/users/u1" });
    holds("204", erased.status === 204);
    await renew([]);
    await refused("again", 404, { method: "DELETE", path: "/v1/users/u1" });
    holds("its delivery never goes", (await school.call("GET", "/v1/deliveries")).data.length === 0);
    await taken("an event afterwards", { body: { type: "school.visited", user: { id: "u1" } } });
    const { data } = await school.call("GET", "/v1/users/u1/timeline");
    holds("without history", data.length <= 1 && (await school.call("GET", "/v1/users/u1")).email === null);
  },
};
