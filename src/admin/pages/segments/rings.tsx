import type { FC } from "hono/jsx";
import { heard } from "../../../language/heard";
import type { Warned } from "../../../segments/syncs/circles";
import { Banner } from "../../components/bits";

/** Warns of rings of rules and syncs. */
export const Rings: FC<{ rings: Warned }> = ({ rings }) => (
  <>
    {rings.warnings?.map(({ message }) => (
      <Banner tone="warning">{heard(message)}</Banner>
    ))}
  </>
);
