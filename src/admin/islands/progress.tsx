import { speakAsPage } from "../../language/page";
import { howFar, howFast } from "../components/how-far";
import { callServer, isOk } from "../editor/draft/api";

speakAsPage();

/** Keeps a job's bar up to date while the page is open, and shows the page anew when the job has ended. */
const EVERY_MS = 1_500;

const place = document.getElementById("job");
const id = place?.dataset.job;

async function look(): Promise<void> {
  const answer = await callServer("GET", `/jobs/${encodeURIComponent(id ?? "")}`);
  if (answer.status === 0) throw new Error("The server cannot be reached.");
  if (!isOk(answer)) return;
  const job = answer.body;
  if (typeof job !== "object" || job === null || !("done" in job && "total" in job && "status" in job)) return;
  if (job.status !== "queued" && job.status !== "running") {
    location.replace(location.pathname);
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

// A look that fails, as while the network is away, is made again.
const next = (): void => void look().catch(() => setTimeout(next, EVERY_MS));

if (id) setTimeout(next, EVERY_MS);
