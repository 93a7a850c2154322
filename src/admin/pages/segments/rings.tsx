import type { FC } from "hono/jsx";
import { inWords } from "../../../language/say";
import type { Warned } from "../../../segments/circles";
import { Banner } from "../../components/bits";

/** Warns of rings of rules and syncs. */
export const Rings: FC<{ rings: Warned }> = ({ rings }) => (
  <>
    {rings.warnings?.map(({ message }) => (
      <Banner tone="warning">{inWords(message)}</Banner>
    ))}
  </>
);
