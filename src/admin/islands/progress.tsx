import { speakAsPage } from "../../language/page";
import { howFar, howFast } from "../components/how-far";
import { callServer, isOk } from "../editor/draft/api";

speakAsPage();

/*
 * Keeps a job's bar up to date while the page is open, and shows the page anew when the job has ended: with what was asked
 * of it, but not with what was done before.
 */
const EVERY_MS = 1_500;

/** Not reached, too many requests, or nobody there to answer: it says nothing of the job. */
const mayPass = (status: number): boolean => status === 0 || status === 429 || status >= 500;

const place = document.getElementById("job");
const id = place?.dataset.job;

async function look(): Promise<void> {
  const answer = await callServer("GET", `/jobs/${encodeURIComponent(id ?? "")}`);
  if (mayPass(answer.status)) throw new Error("It cannot be said just now.");
  if (!isOk(answer)) return;
  const job = answer.body;
  if (typeof job !== "object" || job === null || !("done" in job && "total" in job && "status" in job)) return;
  if (job.status !== "queued" && job.status !== "running") {
    const here = new URL(location.href);
    here.searchParams.delete("done");
    location.replace(here);
    return;
  }
  const bar = place?.querySelector("progress");
  if (bar) {
    bar.value = Number(job.done);
    bar.max = Math.max(1, Number(job.total));
  }
  const text = place?.querySelector("span");
  if (text)
    text.textContent =
      text.textContent?.replace(/: .*/, `: ${howFar(Number(job.done), Number(job.total), true)}`) ?? "";
  const pace = place?.querySelector("p");
  if (pace && "rate_lately" in job && "ends_at" in job) {
    const { rate_lately: lately, ends_at: endsAt } = job;
    if (typeof lately === "number")
      pace.textContent = howFast(lately, typeof endsAt === "string" ? endsAt : null, Date.now());
  }
  setTimeout(next, EVERY_MS);
}

// A look that fails, as while the network is away or there is too much at once, is made again.
const next = (): void => void look().catch(() => setTimeout(next, EVERY_MS));

if (id) setTimeout(next, EVERY_MS);
