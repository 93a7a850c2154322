import type { Child, FC } from "hono/jsx";
import type { Problem } from "../../base/errors";
import { outside } from "../address";
import { Banner } from "../components/bits";
import { Layout } from "../components/layout";
import { internalPath } from "../door/guard";
import { Doorstep } from "../door/sign-in";
import type { Ctx } from "../visit";

/** Where the browser came from, when that was a page of ours. */
function before(c: Ctx): string {
  const from = URL.parse(c.req.header("referer") ?? "");
  return from && from.origin === new URL(c.req.url).origin ? internalPath(from.pathname + from.search) : outside("");
}

/** A refusal's reasons, each with its place; for the head of a form. */
export const RefusalNotice: FC<{ problem: Problem | null | undefined }> = ({ problem }) =>
  problem ? (
    <Banner tone="fault">
      <div>
        <b>{problem.detail}</b>
        {problem.faults && problem.faults.length > 0 ? (
          <ul class="plain">
            {problem.faults.map((fault) => (
              <li>
                {fault.path ? <code>{fault.path}</code> : null} {fault.message}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </Banner>
  ) : null;

const TITLES: Readonly<Record<number, string>> = {
  403: "Not allowed",
  404: "Not there",
  409: "That does not go together",
  412: "Changed meanwhile",
  429: "Too many attempts",
};

const Body: FC<{ c: Ctx; problem: Problem | null; children?: Child }> = ({ c, problem }) => (
  <>
    {problem ? (
      <RefusalNotice problem={problem} />
    ) : (
      <Banner tone="fault">This is a fault of ours, and it is logged. Nothing was half done: try again.</Banner>
    )}
    <p class="after">
      <a class="button" href={before(c)}>
        Back
      </a>{" "}
      {c.get("session") && !c.get("visit") ? (
        <a class="button" href={outside("/schools")}>
          Your schools
        </a>
      ) : null}
    </p>
  </>
);

/** In place of a page that cannot be shown, or of what was refused. */
export const ProblemPage: FC<{ c: Ctx; problem: Problem | null }> = ({ c, problem }) => {
  const title = problem ? (TITLES[problem.status] ?? "That did not work") : "Something broke";
  const visit = c.get("visit");
  if (!visit) {
    return (
      <Doorstep c={c} title={title}>
        <Body c={c} problem={problem} />
      </Doorstep>
    );
  }
  return (
    <Layout title={title} viewer={visit.viewer}>
      <h1 class="part">{title}</h1>
      <Body c={c} problem={problem} />
    </Layout>
  );
};
