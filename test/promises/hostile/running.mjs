// Rows 48 and 57: definitions that bring themselves about, and edits under way.
import { definition, made, TAG } from "./definition.mjs";

export const running = {
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
