import type { Child, FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { later, say } from "../../../language/say";
import { Badge } from "../../components/bits";
import { ActionButton } from "../../components/forms/form";
import { HeldBanner, lookingAt } from "../../components/frame/held";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import type { Ctx, Visit } from "../../visit";
import { mapOf } from "../map/path";

type Automation = AnswerTo<"GET /v1/automations/:id">;

/** Where an automation's pages are. */
export const automationPath = (visit: Visit, id: string): string =>
  visit.path(`/automations/${encodeURIComponent(id)}`);

const TABS = [
  ["", later("Preview")],
  ["/executions", later("Executions")],
  ["/versions", later("Versions")],
  ["/why", later("Why not?")],
  ["/enrol", later("Enrol@start")],
] as const;
type Tab = (typeof TABS)[number][0];

/** Whether it does anything. */
const AutomationState: FC<{ automation: Automation }> = ({ automation: { active, delete_at } }) => {
  if (delete_at !== undefined) return <Badge tone="warning">{say("being deleted")}</Badge>;
  return active ? <Badge tone="good">{say("active")}</Badge> : <Badge>{say("off")}</Badge>;
};

interface HeadProps {
  c: Ctx;
  visit: Visit;
  automation: Automation;
  tab: Tab;
  islands?: readonly string[];
  children?: Child;
}

/** The head that all pages of one automation share. */
export const AutomationPage: FC<HeadProps> = ({ c, visit: whole, automation, tab, islands = [], children }) => {
  const visit = lookingAt(whole, automation);
  return (
    <Layout title={automation.name} viewer={visit.viewer} section="automations" islands={islands}>
      <PageHead title={automation.name}>
        <AutomationState automation={automation} />
        {visit.mayEdit ? (
          <ActionButton
            action={`${automationPath(visit, automation.id)}/active`}
            fields={{ active: automation.active ? "false" : "true", back: automationPath(visit, automation.id) }}
          >
            {automation.active ? say("Switch off") : say("Switch on")}
          </ActionButton>
        ) : null}
        <a class="button is-main" href={`${automationPath(visit, automation.id)}/edit`}>
          {visit.mayEdit ? say("Edit") : say("View")}
        </a>
      </PageHead>
      <nav class="tabs" aria-label={say("Of this automation")}>
        {TABS.map(([end, label]) => (
          <a
            href={
              end === "/executions"
                ? visit.path(`/executions?automation=${encodeURIComponent(automation.id)}`)
                : automationPath(visit, automation.id) + end
            }
            aria-current={tab === end ? "page" : undefined}
          >
            {say(label)}
          </a>
        ))}
        <a href={mapOf(visit, { kind: "automation", id: automation.id })}>{say("What it touches")}</a>
      </nav>
      <Notice c={c} />
      <HeldBanner visit={whole} kind="automation" id={automation.id} thing={automation} />
      {children}
    </Layout>
  );
};
