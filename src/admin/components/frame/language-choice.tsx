import type { FC } from "hono/jsx";
import { language } from "../../../language/say";
import { outside } from "../../address";

/** What pages can be in, each by its own name. */
const LANGUAGES = [
  ["en", "English"],
  ["de", "Deutsch"],
] as const;

/** The button that goes to the other language; its name is in that one, for who does not read this one. */
export const LanguageChoice: FC = () => {
  const [code, name] = LANGUAGES.find(([one]) => one !== language().code) ?? LANGUAGES[0];
  return (
    <form method="post" action={outside("/language")}>
      <button
        type="submit"
        class="button is-small is-quiet"
        name="language"
        value={code}
        lang={code}
        aria-label={`${code.toUpperCase()}: ${name}`}
        title={name}
      >
        {code.toUpperCase()}
      </button>
    </form>
  );
};
