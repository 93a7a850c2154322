// Rows 54–56: addresses and headers of webhooks.
import { newSchool } from "../school.mjs";
import { definition, made } from "./definition.mjs";

export const addresses = {
  54: async ({ client, school, refused, holds, fail, note, renew }) => {
    note("tried in a live school: in a test school nothing is called, and http is allowed");
    const live = await newSchool(client, { mode: "live" });
    const send = (url, headers) =>
      client.send({
        method: "POST",
        path: "/v1/automations",
        token: live.key,
        body: definition({ then: [{ type: "webhook.send", url, ...(headers ? { headers } : {}) }] }),
      });
    const bad = [
      "http://example.com",
      "http://127.0.0.2:9000/",
      "http://10.0.0.1:9000/",
      "https://[::ffff:7f00:1]",
      "https://169.254.169.254/",
      "https://localhost.",
      "https://u:p@x.com",
      "https://x.com:25",
      "https://metadata.google.internal",
      "https://localhost./v1/events",
      "https://127.0.0.1.nip.io",
      "file:///etc/passwd",
    ];
    for (const url of bad) {
      const { status } = await send(url);
      if (status !== 422) fail(url, `${status} instead of 422`);
    }
    note(
      "§7: under LOCAL live schools may call 127.0.0.1, so that is tried in a test school; elsewhere it is refused in both",
    );
    for (const url of ["https://127.0.0.1", "https://0x7f.1", "http://127.0.0.1:9000/"])
      await refused(url, 422, made({ then: [{ type: "webhook.send", url }] }));
    const { status, json } = await send("https:evil.com");
    holds("taken", status === 201 && json.then[0].url === "https://evil.com/");
    note("https:evil.com stands in the definition, is called and shown in its normal form");
    await school.call(
      "POST",
      "/v1/automations",
      definition({ active: true, then: [{ type: "webhook.send", url: "https:evil.com" }] }),
    );
    await school.event("user.signed_up", "u1");
    await school.settle();
    holds(
      "called in its normal form",
      (await school.call("GET", "/v1/deliveries")).data[0]?.content.url === "https://evil.com/",
    );
    await renew();
    holds("nothing else saved", (await live.call("GET", "/v1/automations")).data.length === 1);
  },
  55: async ({ note }) => {
    note(
      "targets that redirect, flood, hang or reset: test/connectors/webhook.test.ts, for a Worker calls nothing local",
    );
  },
  56: async ({ refused }) => {
    for (const headers of [
      { Host: "x.com" },
      { "Content-Length": "1" },
      { "webhook-signature": "v1,x" },
      { "X-A": "b\r\nC: d" },
      { "a b": "c" },
    ])
      await refused(
        JSON.stringify(headers),
        422,
        made({ then: [{ type: "webhook.send", url: "https://hooks.acme.com/", headers }] }),
      );
  },
};
