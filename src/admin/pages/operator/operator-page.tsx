import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors/errors";
import { heard } from "../../../language/heard";
import { say, weave } from "../../../language/say";
import { ALL_SCHOOLS } from "../../../schools/costs/costs";
import { outside } from "../../address";
import { Banner } from "../../components/bits";
import { Document } from "../../components/frame/layout";
import { OwnChoices } from "../../components/frame/top";
import { Pager } from "../../components/table";
import { internalPath } from "../../door/guard";
import { type Ctx, themeOf } from "../../visit";
import { AllCosts } from "./costs";
import { GivenUp } from "./given-up";
import type { Listed } from "./listed";
import { type Asked, NewSchool } from "./new-school";
import type { QuotaRefused } from "./quota";
import { releaseText } from "./release";
import { FindSchool, NoSchools, Schools } from "./schools";
import { SecretChange } from "./secret-change";

interface OperatorProps extends Listed {
  c: Ctx;
  /** A key just made, shown this once. */
  made?: { name: string; key: string };
  refused?: Problem | null;
  values?: Asked;
  quota?: QuotaRefused;
}

export const OperatorPage: FC<OperatorProps> = (props) => {
  const { c, schools, wanted, dead, names, doing, costs, release, secret, made, refused, values, quota } = props;
  const asked = c.req.query("next");
  const next = internalPath(asked);
  /** Kept on the way through the list. */
  const onward = asked === undefined ? "" : next;
  return (
    <Document title={say("Schools · Schoolbell")} theme={themeOf(c)}>
      <a class="skip" href="#main">
        {say("Skip to the page")}
      </a>
      <header class="top">
        <div class="top-inside">
          <div class="top-school">
            <a class="top-name" href={outside("/operator")}>
              {say("Schoolbell · operator")}
            </a>
          </div>
          <div class="top-you">
            <OwnChoices theme={themeOf(c)} />
          </div>
        </div>
      </header>
      <main id="main" class="page">
        <div class="page-head">
          <h1>{say("Schools")}</h1>
        </div>
        {made ? (
          <Banner tone="warning">
            <span>
              {weave("{name} is created. Its first key, shown only this once: {key}", {
                name: made.name,
                key: <code class="secret">{made.key}</code>,
              })}
            </span>
          </Banner>
        ) : null}
        {refused && !refused.faults ? <Banner tone="fault">{heard(refused.detail)}</Banner> : null}
        {schools.data.length || wanted !== "" ? <FindSchool wanted={wanted} onward={onward} /> : null}
        {schools.data.length ? (
          <Schools schools={schools.data} doing={doing} costs={costs} next={next} quota={quota} />
        ) : (
          <NoSchools wanted={wanted} />
        )}
        <Pager page={schools} at={outside("/operator")} filters={{ next: onward, school: wanted }} c={c} />
        <AllCosts of={costs.get(ALL_SCHOOLS) ?? []} />
        <h2 class="part">{say("What runs")}</h2>
        <p class="soft">{releaseText(release)}</p>
        <SecretChange of={secret} />
        <GivenUp dead={dead} names={names} />
        <NewSchool values={values} refused={refused} />
      </main>
    </Document>
  );
};
