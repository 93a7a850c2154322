// Rows 49–53: patterns and templates, and what people's names do to them.
import { made, signUp } from "./definition.mjs";

export const texts = {
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
    await refused("a line break", 422, signUp({ id: "k4", email: "kate@gmail\n.com" }));
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
};
