import type { Child, FC } from "hono/jsx";
import { Layout, PageHead } from "../../components/layout";
import { Notice } from "../../components/notice";
import type { Ctx } from "../../visit";

const TABS = [
  ["/admin/settings", "School"],
  ["/admin/settings/collaborators", "Collaborators"],
  ["/admin/settings/fields", "Profile fields"],
  ["/admin/settings/connectors", "Connectors"],
  ["/admin/settings/unused", "Unused messages"],
  ["/admin/settings/keys", "Keys"],
  ["/admin/settings/clock", "Test clock"],
  ["/admin/settings/audit", "Audit log"],
] as const;

/** A page of the settings. */
export const Settings: FC<{ c: Ctx; title: string; here: (typeof TABS)[number][0]; children?: Child }> = ({
  c,
  title,
  here,
  children,
}) => {
  const { viewer, school, mayOwn } = c.var.visit;
  const isThere: Partial<Record<string, boolean>> = {
    "/admin/settings/clock": school.mode === "test",
    "/admin/settings/audit": mayOwn,
  };
  return (
    <Layout title={title} viewer={viewer} section="settings">
      <PageHead title={title} />
      <nav class="tabs" aria-label="Of the settings">
        {TABS.filter(([href]) => isThere[href] ?? true).map(([href, label]) => (
          <a href={href} aria-current={href === here ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <Notice c={c} />
      {children}
    </Layout>
  );
};

/** Said where only owners may change something. */
export const OwnersOnly: FC = () => <p class="hint">Only an owner may change this.</p>;
