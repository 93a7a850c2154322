import type { Child, FC } from "hono/jsx";
import type { Problem } from "../../base/errors/errors";
import { heard } from "../../language/heard";
import { later, say } from "../../language/say";
import { outside } from "../address";
import { Banner } from "../components/bits";
import { Layout } from "../components/frame/layout";
import { internalPath } from "../door/guard";
import { Doorstep } from "../door/sign-in";
import type { Ctx } from "../visit";
import { faultText, manyText, placeText } from "../words/sentences/faults";

/** Where the browser came from, when that was a page of ours. */
function before(c: Ctx): string {
  const from = URL.parse(c.req.header("referer") ?? "");
  return from && from.origin === new URL(c.req.url).origin ? internalPath(from.pathname + from.search) : outside("");
}

interface RefusalProps {
  problem: Problem | null | undefined;
  /** Whether the form says what is wrong at a place of the body where its field stands: it is not told twice. */
  shown?: (path: string) => boolean;
  /** Where a place is, where it is none of a form. */
  place?: (path: string) => string;
}

/** The API speaks of users. */
const saidOf = (detail: string): string => heard(detail).replace(/\bsuch user\b/, "such learner");

/** How many faults there are, and whether what is told of them follows. */
function headOf(count: number, told: number): string {
  const problems = manyText(count);
  if (told === 0) return say("{problems}: it is marked below.", { problems });
  return told < count ? say("{problems}, some of it below:", { problems }) : `${problems}:`;
}

/** Why something was refused, each reason with its place; for the head of a form. */
export const RefusalNotice: FC<RefusalProps> = ({ problem, shown = () => false, place = placeText }) => {
  if (!problem) return null;
  const faults = problem.faults ?? [];
  const told = faults.filter(({ path }) => !shown(path));
  if (faults.length === 0)
    return (
      <Banner tone="fault">
        <b>{saidOf(problem.detail)}</b>
      </Banner>
    );
  return (
    <Banner tone="fault">
      <div>
        <b>{headOf(faults.length, told.length)}</b>
        {told.length > 0 ? (
          <ul class="plain">
            {told.map(({ path, message }) => (
              <li>
                {place(path) ? <>{place(path)}: </> : null}
                {faultText(message)}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </Banner>
  );
};

const TITLES = {
  403: later("Not allowed"),
  404: later("Not there"),
  409: later("That does not go together"),
  412: later("Changed meanwhile"),
  429: later("Too many attempts"),
};

const titleOf = ({ status }: Problem): string =>
  status in TITLES ? say(TITLES[status as keyof typeof TITLES]) : say("That did not work");

const Body: FC<{ c: Ctx; problem: Problem | null; children?: Child }> = ({ c, problem }) => (
  <>
    {problem ? (
      <RefusalNotice problem={problem} />
    ) : (
      <Banner tone="fault">
        {say("Something went wrong on our side, and it is logged. Nothing was left half done: try again.")}
      </Banner>
    )}
    <p class="after">
      <a class="button" href={before(c)}>
        {say("Back")}
      </a>{" "}
      {c.get("session") && !c.get("visit") ? (
        <a class="button" href={outside("/schools")}>
          {say("Your schools")}
        </a>
      ) : null}
    </p>
  </>
);

/** In place of a page that cannot be shown, or of what was refused. */
export const ProblemPage: FC<{ c: Ctx; problem: Problem | null }> = ({ c, problem }) => {
  const title = problem ? titleOf(problem) : say("Something broke");
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
