import type { FC } from "hono/jsx";
import { notFound } from "../../../../base/errors/errors";
import type { Draft } from "../../../../definition/types";
import type { RowOf } from "../../../../http/answering/answers";
import { later, say, type Text } from "../../../../language/say";
import { namesOfWho } from "../../../../schools/audit/audit";
import { Badge } from "../../../components/bits";
import { FilterChoice } from "../../../components/forms/filters";
import { ActionButton } from "../../../components/forms/form";
import { Moment } from "../../../components/moment";
import { SpansText as Says } from "../../../components/words";
import { Pages } from "../../../page";
import { seeOther } from "../../../visit";
import { schoolWords, whoText } from "../../../words/names";
import { sentence, stepSentence, type Words } from "../../../words/sentences/sentence";
import { AutomationPage, automationPath } from "../automation-frame";
import { type Change, changes } from "./diff";
import { type TextChange, textChanges } from "./text-diff";

const MARKS = {
  added: ["+", later("added")],
  removed: ["−", later("removed")],
  changed: ["~", later("changed")],
  moved: ["↕", later("moved")],
} as const satisfies Record<Change["kind"], readonly [mark: string, word: Text]>;

/** Differences in words. */
export const Changes: FC<{ changes: readonly Change[] }> = ({ changes: all }) => (
  <ul class="changes">
    {all.map((change) => {
      const [mark, word] = MARKS[change.kind];
      return (
        <li class={`is-${change.kind}`}>
          <span class="change-mark" aria-hidden="true">
            {mark}
          </span>
          <span>
            <span class="sr-only">{say(word)}: </span>
            <Says spans={change.what} />
          </span>
        </li>
      );
    })}
  </ul>
);

type Version = RowOf<"GET /v1/automations/:id/versions">;

const definitionOf = (version: Version, name: string): Draft => ({
  ...version,
  name,
  description: "",
  active: true,
  labels: [],
  note: "",
  goal: null,
});

/** The texts that differ, word by word. */
const Texts: FC<{ texts: readonly TextChange[]; words: Words }> = ({ texts, words }) =>
  texts.length ? (
    <>
      <h2 class="part">{say("What the texts say")}</h2>
      {texts.map(({ step, option, pieces }) => (
        <section class="panel-box text-change">
          <h3>
            <Says spans={stepSentence(step, words)} />: {option}
          </h3>
          <p class="is-written">
            {pieces.map(({ kind, text }) =>
              kind === "gone" ? <del>{text}</del> : kind === "new" ? <ins>{text}</ins> : text,
            )}
          </p>
        </section>
      ))}
      <p class="hint">
        {say("Struck out: what was there. Underlined: what is new. A mail is shown without its markup.")}
      </p>
    </>
  ) : null;

const versionText = (version: number): string => say("Version {version}", { version: String(version) });

const Choose: FC<{ action: string; versions: readonly Version[]; from: number; to: number }> = ({
  action,
  versions,
  from,
  to,
}) => {
  const options = versions.map(({ version }) => [String(version), versionText(version)] as const).reverse();
  return (
    <form method="get" action={action} class="filters">
      <FilterChoice name="from" label={say("From")} value={String(from)} options={options} />
      <FilterChoice name="to" label={say("To")} value={String(to)} options={options} />
      <button type="submit" class="button">
        {say("Compare")}
      </button>
    </form>
  );
};

export const versionsPages = new Pages();

versionsPages.get("/automations/:id/versions/compare", "viewer", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.call("GET /v1/automations/:id", { params: c.req.param() });
  const versions = await visit.api.all("GET /v1/automations/:id/versions", { params: c.req.param() });
  const asked = (name: string) => versions.find(({ version }) => String(version) === c.req.query(name));
  const before = asked("from") ?? versions.at(-2) ?? versions[0];
  const after = asked("to") ?? versions.at(-1);
  if (!before || !after) throw notFound("version");
  const words = await schoolWords(c.env, visit.school.id, before, after);
  const found = changes(definitionOf(before, ""), definitionOf(after, ""), words);
  const at = `${automationPath(visit, automation.id)}/versions`;
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="/versions">
      <Choose action={`${at}/compare`} versions={versions} from={before.version} to={after.version} />
      <h2 class="part">
        {say("From version {from} to version {to}", { from: String(before.version), to: String(after.version) })}
      </h2>
      {found.length ? <Changes changes={found} /> : <p class="soft">{say("They do the same.")}</p>}
      <Texts texts={textChanges(before.then, after.then, words.lanesOf)} words={words} />
      <p class="after">
        <a href={at}>{say("All versions")}</a>
      </p>
    </AutomationPage>,
  );
});

versionsPages.get("/automations/:id/versions", "viewer", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.call("GET /v1/automations/:id", { params: c.req.param() });
  const versions = await visit.api.all("GET /v1/automations/:id/versions", { params: c.req.param() });
  const makers = versions.flatMap(({ created_by: who }) => (who ? [{ who }] : []));
  const [words, names] = await Promise.all([
    schoolWords(c.env, visit.school.id, versions),
    namesOfWho(c.env, visit.school.id, makers),
  ]);
  const last = versions.at(-1);
  const shown = versions.map((version, index) => ({ version, before: versions[index - 1] })).reverse();
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="/versions">
      <p class="soft">
        {say("A run finishes on the version it began on. Name, description and the switch make no new version.")}
      </p>
      {last && versions.length > 1 ? (
        <Choose
          action={`${automationPath(visit, automation.id)}/versions/compare`}
          versions={versions}
          from={versions[0]?.version ?? last.version}
          to={last.version}
        />
      ) : null}
      <ol class="stack">
        {shown.map(({ version, before }) => (
          <li class="panel-box">
            <h2>
              {versionText(version.version)}{" "}
              {version.version === automation.version ? <Badge tone="good">{say("in use")}</Badge> : null}
            </h2>
            <p class="soft">
              <Moment atMs={Date.parse(version.created_at)} nowMs={visit.nowMs} timezone={visit.timezone} />
              {version.created_by ? `, ${whoText(version.created_by, names)}` : ""}
            </p>
            {before ? (
              <>
                <Changes changes={changes(definitionOf(before, ""), definitionOf(version, ""), words)} />
                <a
                  href={`${automationPath(visit, automation.id)}/versions/compare?from=${before.version}&to=${version.version}`}
                >
                  {say("Compare with version {version}, texts too", { version: String(before.version) })}
                </a>
              </>
            ) : (
              <p>
                <Says spans={sentence(definitionOf(version, ""), words)} />
              </p>
            )}
            {version.version === automation.version || !visit.mayEdit ? null : (
              <ActionButton action={`${automationPath(visit, automation.id)}/versions/${version.version}`}>
                {say("Go back to this version")}
              </ActionButton>
            )}
          </li>
        ))}
      </ol>
    </AutomationPage>,
  );
});

versionsPages.post("/automations/:id/versions/:version", "editor", async (c) => {
  const { api } = c.var.visit;
  const id = c.req.param("id");
  const versions = await api.all("GET /v1/automations/:id/versions", { params: { id } });
  const found = versions.find((one) => String(one.version) === c.req.param("version"));
  if (found) {
    const { version: _, created_at: __, created_by: ___, ...definition } = found;
    await api.call("PATCH /v1/automations/:id", { params: { id }, body: definition });
  }
  return seeOther(c, `${automationPath(c.var.visit, id)}/versions`, { done: "saved" });
});
