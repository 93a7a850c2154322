import type { Child, FC } from "hono/jsx";
import { later, say } from "../../../language/say";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import type { Ctx } from "../../visit";

const TABS = [
  ["/settings", later("School")],
  ["/settings/collaborators", later("Collaborators")],
  ["/settings/fields", later("Profile fields")],
  ["/settings/mail", later("Mail")],
  ["/settings/pieces", later("Pieces of text")],
  ["/settings/connectors", later("Connectors")],
  ["/settings/unused", later("Unused messages")],
  ["/settings/keys", later("Keys")],
  ["/settings/pause", later("Pause")],
  ["/settings/clock", later("Test clock")],
  ["/settings/audit", later("Audit log")],
  ["/settings/evidence", later("Evidence")],
] as const;

/** A page of the settings. */
export const SettingsPage: FC<{ c: Ctx; title: string; here: (typeof TABS)[number][0]; children?: Child }> = ({
  c,
  title,
  here,
  children,
}) => {
  const { viewer, school, mayOwn, path } = c.var.visit;
  const isThere: Partial<Record<string, boolean>> = {
    "/settings/clock": school.mode === "test",
    "/settings/audit": mayOwn,
    "/settings/evidence": mayOwn,
  };
  return (
    <Layout title={title} viewer={viewer} section="settings">
      <PageHead title={title} />
      <nav class="tabs" aria-label={say("Of the settings")}>
        {TABS.filter(([tab]) => isThere[tab] ?? true).map(([tab, label]) => (
          <a href={path(tab)} aria-current={tab === here ? "page" : undefined}>
            {say(label)}
          </a>
        ))}
      </nav>
      <Notice c={c} />
      {children}
    </Layout>
  );
};

/** Said where only owners may change something. */
export const OwnersOnly: FC = () => <p class="hint">{say("Only an owner may change this.")}</p>;
