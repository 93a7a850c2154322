// Rows 43–57: definitions, templates, patterns, addresses, and edits under way.
import { newSchool } from "../school.mjs";

const TAG = { type: "tags.add", tags: ["x"] };
const definition = (differs = {}) => ({ name: "a", when: [{ type: "user.signed_up" }], then: [TAG], ...differs });
const made = (differs) => ({ path: "/v1/automations", body: definition(differs) });
const many = (count, item) => Array.from({ length: count }, (_, n) => item(n));
const nest = (depth, wrap, core) => many(depth, (n) => n).reduce((inner) => wrap(inner), core);
const paths = ({ json }) => (json?.errors ?? []).map(({ path }) => path);
const signUp = (user) => ({ body: { type: "user.signed_up", user } });

export const definitions = {
  43: async ({ refused, holds }) => {
    const answer = await refused(
      "what is not the sender's",
      422,
      made({ school: "b", version: 99, id: "aut_x", run_count: 5, actve: true }),
    );
    for (const field of ["school", "version", "id", "run_count", "actve"])
      holds(`a path of ${field}`, paths(answer).includes(`/${field}`));
  },
  44: async ({ refused, holds }) => {
    const isPaying = { type: "user.is_paying" };
    for (const [what, differs, path] of [
      ["no trigger", { when: [] }, "/when"],
      ["11 triggers", { when: many(11, () => ({ type: "user.signed_up" })) }, "/when"],
      ["101 steps", { then: many(101, () => TAG) }, "/then"],
      [
        "branches 6 deep",
        { then: [nest(6, (inner) => ({ type: "branch", if: isPaying, yes: [inner], no: [] }), TAG)] },
        "/then",
      ],
      ["only_if 6 deep", { only_if: nest(6, (inner) => ({ not: inner }), isPaying) }, "/only_if"],
      ["10,000 conditions", { only_if: { any: many(5_000, () => isPaying) } }, "/only_if"],
    ])
      holds(
        `${what}: the path`,
        paths(await refused(what, 422, made(differs))).some((one) => one.startsWith(path)),
      );
    await refused("over 256 KiB", 413, made({ description: "x".repeat(256 * 1_024) }));
  },
  45: async ({ refused, taken, holds, note }) => {
    for (const [what, differs] of [
      [
        "the same step id",
        {
          then: [
            { ...TAG, id: "s1" },
            { ...TAG, id: "s1" },
          ],
        },
      ],
      ["a blank in a step id", { then: [{ ...TAG, id: "a b" }] }],
      ["a dot in a step id", { then: [{ ...TAG, id: "a.b" }] }],
      ["a step id of 200", { then: [{ ...TAG, id: "a".repeat(200) }] }],
      [
        "60 + 60",
        {
          then: [
            {
              type: "split",
              paths: [
                { percent: 60, steps: [] },
                { percent: 60, steps: [] },
              ],
            },
          ],
        },
      ],
      [
        "an action out of its place",
        { when: [{ type: "course.enrolled" }], then: [{ type: "tags.add_email_domain" }] },
      ],
      [
        "a condition out of its place",
        { when: [{ type: "tag.added", tags: ["x"] }], only_if: { type: "inactivity.matches", enrolled_in: ["c"] } },
      ],
    ])
      await refused(what, 422, made(differs));
    note(
      "a branch whose `if` can never hold is no warning of the contract (§13 names four): a path of 0 % is tried instead",
    );
    const saved = await taken(
      "a path of 0 %",
      made({
        then: [
          {
            type: "split",
            paths: [
              { percent: 0, steps: [TAG] },
              { percent: 100, steps: [] },
            ],
          },
        ],
      }),
      201,
    );
    holds(
      "a warning",
      saved?.warnings.some(({ code }) => code === "unreachable"),
    );
  },
  46: async ({ refused }) => {
    for (const time of ["-P1D", "P", "1d", "PT1e300S", "P9999Y", 5])
      await refused(`for ${time}`, 422, made({ then: [{ type: "wait", for: time }] }));
    await refused("for and until", 422, made({ then: [{ type: "wait", for: "P1D", until: "2027-01-01T00:00" }] }));
    await refused("neither", 422, made({ then: [{ type: "wait" }] }));
    await refused("after 2189", 422, made({ then: [{ type: "wait", until: "2400-01-01T00:00" }] }));
  },
  47: async ({ refused }) => {
    for (const until_field of ["__proto__", "fields.__proto__.x", "user[0]"])
      await refused(until_field, 422, made({ then: [{ type: "wait", until_field }] }));
    const window = { days: ["mon"], from: "09:00", to: "17:00" };
    await refused("25:00", 422, made({ then: [{ type: "wait", for: "P1D", window: { ...window, from: "25:00" } }] }));
    await refused("xyz", 422, made({ then: [{ type: "wait", for: "P1D", window: { ...window, days: ["xyz"] } }] }));
    await refused("the school's zone", 422, {
      method: "PATCH",
      path: "/v1/school",
      body: { settings: { timezone: "Mars/Base" } },
    });
    await refused("a user's zone", 422, { method: "PUT", path: "/v1/users/u1", body: { timezone: "Mars/Base" } });
  },
  48: async ({ taken, refused, school, holds, client, renew }) => {
    const onTag = (tag, then, more = {}) =>
      made({ active: true, when: [{ type: "tag.added", tags: [tag] }], then, ...more });
    const adds = (tag) => [
      { type: "tags.remove", tags: [tag] },
      { type: "tags.add", tags: [tag] },
    ];
    const warned = async (what, asked) => {
      const saved = await taken(what, asked, 201);
      holds(
        `${what}: a warning`,
        saved?.warnings.some(({ code, automations }) => code === "cycle" && automations?.length > 0),
      );
    };
    await warned("itself", onTag("x", adds("x")));
    await taken("A of two", onTag("p", adds("q")), 201);
    await warned("B of two", onTag("q", adds("p")));
    await taken("1 of three", onTag("k", adds("l")), 201);
    await taken("2 of three", onTag("l", adds("m")), 201);
    await warned("3 of three", onTag("m", adds("k")));
    await warned("slow", onTag("s", [{ type: "wait", for: "PT1M" }, ...adds("s")]));
    const own = new URL(client.url);
    await refused(
      "our own host",
      422,
      onTag("w", [{ type: "webhook.send", url: `https://localhost:${own.port}/v1/events` }]),
    );
    for (const tag of ["x", "p", "k", "s"]) await school.event("tag.added", "u1", { tag: [tag] });
    await school.call("POST", "/v1/test-clock", { advance: "PT30M" });
    const { data: runs } = await school.call("GET", "/v1/runs?limit=100");
    holds("no more than 10 links a root, the slow one once an hour", runs.length > 0 && runs.length <= 40);
    holds("others go on", (await school.event("tag.added", "u2", { tag: ["free"] })).user.tags.includes("free"));
    await renew(["u1", "u2"]);
  },
  49: async ({ taken, refused, school, holds }) => {
    const pattern = (email) =>
      made({
        active: true,
        when: [{ type: "user.signed_up" }],
        only_if: { type: "user.email_is", email, regex: true },
      });
    for (const good of ["^(a+)+$", "(.*)*="]) await taken(good, pattern(good), 201);
    const before = performance.now();
    await school.event("user.signed_up", {
      id: "long",
      email: `${"a".repeat(60)}@${`${"a".repeat(60)}.`.repeat(3)}com`,
    });
    holds("matched at once", performance.now() - before < 500);
    await school.call("POST", "/v1/segments", { id: "s", name: "S", managed: true });
    await school.call("POST", "/v1/profile-fields", { key: "f", name: "F", type: "text" });
    const rule = (value) => ({
      path: "/v1/segment-rules",
      body: { segment: "s", match: "all", where: [{ field: "f", op: "matches", value }] },
    });
    for (const good of ["^(a+)+$", "(.*)*="]) await taken(`a rule: ${good}`, rule(good), 201);
    for (const bad of ["(a{1000}){1000}", "a".repeat(300), "[", "(?!x)", "(a)\\1", "(?<=a)b"]) {
      await refused(bad.slice(0, 20), 422, pattern(bad));
      await refused(`a rule: ${bad.slice(0, 20)}`, 422, rule(bad));
    }
  },
  50: async ({ taken, refused, school, holds, renew }) => {
    await taken(
      "the pattern",
      made({
        active: true,
        synchronous: true,
        only_if: { type: "user.email_is", email: "^kate@gmail\\.com$", regex: true },
      }),
      201,
    );
    const matches = async (id, email) => (await school.event("user.signed_up", { id, email })).user.tags.includes("x");
    holds("ignores case", await matches("k1", "Kate@Gmail.com"));
    holds("ends there", !(await matches("k2", "kate@gmail.com.evil.org")));
    const cyrillic = await school
      .event("user.signed_up", { id: "k3", email: "kаte@gmail.com" })
      .catch(({ message }) => message);
    holds(
      "no look-alikes",
      typeof cyrillic === "string" ? cyrillic.includes("422") : !cyrillic.user.tags.includes("x"),
    );
    await renew();
    await refused("a line break", 422, signUp({ id: "k4", email: "kate@gmail.com\n" }));
  },
  51: async ({ refused }) => {
    const loop = "{% for i in (1..100000000) %}x{% endfor %}";
    const templates = [
      loop,
      `{% for i in (1..9) %}${loop}{% endfor %}`,
      "{% include '/etc/passwd' %}",
      "{{ x | raw }}",
      "{{ user | json }}",
      "{{ 'x' | constructor }}",
      "{{ 'now' | date: '%9999999d' }}",
      "{{",
      `${"{% if a %}".repeat(2_500)}${"{% endif %}".repeat(2_500)}`,
    ];
    for (const body of templates)
      await refused(body.slice(0, 40), 422, made({ then: [{ type: "email.user", subject: "S", body }] }));
  },
  52: async ({ taken, school, holds }) => {
    const then = [
      {
        type: "email.user",
        subject: "S",
        body: '<a title="{{ user.username }}" href="{{ user.fields.link }}">{{ user.username }}</a>',
      },
    ];
    await taken("the mail", made({ active: true, then }), 201);
    const names = ["<script>alert(1)</script>", "{{ school.name }}", '" onmouseover="x'];
    for (const [n, username] of names.entries())
      await taken(
        username,
        signUp({ id: `n${n}`, email: `n${n}@example.com`, username, fields: { link: "javascript:alert(1)" } }),
      );
    const { data } = await school.call("GET", "/v1/deliveries");
    const pages = data.map(({ content }) => content.html).join("\n");
    holds("three mails", data.length === 3);
    holds("escaped", !/<script|" onmouseover/.test(pages));
    holds("not rendered again", pages.includes("{{ school.name }}"));
    holds("no script address", !/href="\s*javascript:/i.test(pages) && pages.includes('href="#"'));
  },
  53: async ({ taken, school, holds, note }) => {
    note("contract §10: a rendered subject is one line, its breaks become spaces; so it is sent, and injects nothing");
    await taken(
      "the mail",
      made({ active: true, then: [{ type: "email.user", subject: "{{ user.username }}", body: "B" }] }),
      201,
    );
    for (const [id, username] of [
      ["breaks", "Hi\r\nBcc: x@y.z"],
      ["long", "x".repeat(10_000)],
      ["blank", "   "],
    ]) {
      const asked = signUp({ id, email: `${id}@example.com`, fields: {} });
      asked.body.user.username = username;
      const answer = await school.call("POST", "/v1/events", asked.body).catch(({ message }) => message);
      if (typeof answer === "string") holds(`${id} refused as a name`, answer.includes("422"));
    }
    await school.settle();
    const { data } = await school.call("GET", "/v1/deliveries");
    holds(
      "no break in a subject",
      data.every(({ content }) => !/[\r\n]/.test(content.subject)),
    );
    holds(
      "none long or blank",
      data.every(({ content }) => content.subject.trim() !== "" && content.subject.length <= 255),
    );
  },
  54: async ({ client, school, holds, fail, note, renew }) => {
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
      "https://127.0.0.1",
      "https://0x7f.1",
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
    const { status, json } = await send("https:evil.com");
    holds("taken", status === 201 && json.then[0].url === "https:evil.com");
    note(
      "https:evil.com stands in the definition as written; what is called, and shown in the delivery, is its normal form",
    );
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
  57: async ({ taken, school, send, holds, renew, note }) => {
    note("§13: PUT answers live_runs {total, steps}");
    const COUNT = 100;
    const waiting = definition({
      active: true,
      then: [
        { type: "wait", for: "P1D", id: "w" },
        { ...TAG, id: "t" },
      ],
    });
    const { id, version } = await taken("made", { path: "/v1/automations", body: waiting }, 201);
    const path = `/v1/automations/${id}`;
    const two = await Promise.all(
      ["b", "c"].map((name) =>
        send({
          method: "PUT",
          path,
          body: { ...waiting, then: [...waiting.then, { type: "tags.add", tags: [name] }] },
        }),
      ),
    );
    holds(
      "both 200",
      two.every(({ status }) => status === 200),
    );
    holds(
      "n+1 and n+2",
      two
        .map(({ json }) => json?.version)
        .toSorted()
        .join() === [version + 1, version + 2].join(),
    );
    const enter = async (prefix) => {
      const events = Array.from({ length: COUNT }, (_, n) => ({
        type: "user.signed_up",
        user: { id: `${prefix}${n}` },
      }));
      await school.call("POST", "/v1/events/batch", { events });
      await school.settle();
    };
    await enter("a");
    const moved = await taken("the step dropped", {
      method: "PUT",
      path: `${path}?live=move`,
      body: definition({ active: true, then: [{ ...TAG, id: "t" }] }),
    });
    holds("told how many", moved?.live_runs?.total === COUNT);
    await school.call("POST", "/v1/test-clock", { advance: "P2D" });
    const ended = await runsOf(school, id);
    holds(
      "exited with a reason",
      ended.length === COUNT && ended.every(({ status, reason }) => status === "exited" && reason === "step_gone"),
    );
    await taken("waits again", { method: "PUT", path, body: waiting });
    await enter("b");
    await taken("deleted", { method: "DELETE", path });
    const after = (await runsOf(school, id)).filter(({ user_id }) => user_id.startsWith("b"));
    holds(
      "all exited, the log stays",
      after.length === COUNT && after.every(({ status, reason }) => status === "exited" && reason === "deleted"),
    );
    await renew();
  },
};

async function runsOf(school, automation) {
  const runs = [];
  for (let cursor = ""; ; ) {
    const page = await school.call("GET", `/v1/runs?automation=${automation}&limit=100${cursor}`);
    runs.push(...page.data);
    if (page.next_cursor === null) return runs;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}
