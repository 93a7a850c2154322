import { beforeEach, expect, test, vi } from "vitest";
import { env } from "../../../http/test-client";
import { runJobPage } from "../../../jobs/start";
import { signedIn } from "../../test-signed-in";

/* An automation is started from its page for many learners: they are counted, shown, and it is started for them. */

/** What would have gone to the queue is done when a test says so. */
beforeEach(() => {
  vi.spyOn(env.JOBS, "send").mockResolvedValue({} as never);
  // Jobs keep a pace, and tests wait for nothing.
  vi.spyOn(scheduler, "wait").mockResolvedValue();
});

const MANY = Array.from({ length: 1_001 }, (_, n) => `u${n}`).join(",");

async function schoolWithMany() {
  const { ask, at, get, post } = await signedIn("editor");
  // The directory lists them all, of whom two are known.
  await env.DB.prepare(
    `insert into users (school, id, created_at, search, seq) select ?1, value, 0, value, 0 from json_each(?2)`,
  )
    .bind(at("").split("/").at(-1), JSON.stringify(MANY.split(",")))
    .run();
  for (const user of ["u7", "u900"]) await ask("PUT", `/v1/users/${user}`, { username: `Learner ${user}` });
  const automation = { name: "Welcome", active: true, when: [{ type: "user.signed_in" }], then: [{ type: "exit" }] };
  const made = async () => (await ask("POST", "/v1/automations", automation)).body.id;
  const id = await made();
  const path = `/automations/${id}/enrol`;
  const school = at("").split("/").at(-1) ?? "";
  return {
    path,
    post,
    jobs: async () => (await ask("GET", "/v1/jobs")).body.data,
    finish: async (job: string) => {
      // A page goes on for some seconds only, however busy the machine is.
      const goesOn = async () => (await ask("GET", `/v1/jobs/${job}`)).body.status !== "done";
      for (let page = 0; page < 100 && (await goesOn()); page++) await runJobPage(env, school, job);
    },
    runs: async () => (await ask("GET", `/v1/automations/${id}/runs`)).body.data.length,
    /** The page that an address of the school leads to. */
    followed: async (location: string | null) => get((location ?? "").slice(at("").length)),
    another: async () => `/automations/${await made()}/enrol`,
    asked: (query: Record<string, string>, of = path) => get(`${of}?${new URLSearchParams(query)}`),
    shownJob: (job: string) => get(`/jobs/${job}`),
  };
}

test("many are counted by one job, however often its page is looked at, which then says how many and who", async () => {
  const { asked, followed, jobs, finish, shownJob, runs } = await schoolWithMany();
  const answer = await asked({ whom: "users", value: MANY });
  expect(answer.status).toBe(303);
  const counting = await followed(answer.headers.get("location"));
  expect(counting.text).toMatch(/Counting the learners.*progress\.js|progress\.js.*Counting the learners/s);
  expect(counting.text).not.toContain("Start it for");
  await followed(answer.headers.get("location"));
  const [job, ...others] = await jobs();
  expect([job.kind, others]).toEqual(["enrol_count", []]);
  await finish(job.id);
  const counted = (await followed(answer.headers.get("location"))).text;
  expect(counted).toContain("It would start for 2 learners");
  expect(counted).toMatch(/Learner u7<\/a>.*Learner u900<\/a>/s);
  expect(counted).toContain("Start it for 2 learners now");
  expect((await shownJob(job.id)).text).toContain("It would start for 2 learners");
  expect(await runs()).toBe(0);
});

test("started for many it says on the job’s page for whom", async () => {
  const { path, post, jobs, finish, shownJob, runs } = await schoolWithMany();
  expect((await post(path, { whom: "users", value: MANY })).status).toBe(303);
  const [job] = await jobs();
  await finish(job.id);
  const shown = (await shownJob(job.id)).text;
  expect(shown).toContain("It was started for 2 learners");
  expect(shown).toContain("Learner u900</a>");
  expect(await runs()).toBe(2);
});

test("a job of another automation, or of none, counts nobody here", async () => {
  const { path, post, jobs, another, asked } = await schoolWithMany();
  await post(path, { whom: "users", value: MANY });
  const [job] = await jobs();
  const other = await another();
  for (const id of [job.id, "job_none"]) {
    const { status, text } = await asked({ whom: "users", value: "u7", job: id }, other);
    expect(status).toBe(200);
    expect(text).toContain("Start it for 1 learner now");
  }
});
