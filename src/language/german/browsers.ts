import { answersInBrowsers as answers } from "./answers/browsers";
import { options } from "./catalogue/options";
import { values } from "./catalogue/values";
import { common } from "./common";
import { draft } from "./editor/draft";
import { fields } from "./editor/fields";
import { mail } from "./editor/mail";
import { stage } from "./editor/stage";
import { trying } from "./editor/trying";
import { faults } from "./faults";
import { frame } from "./frame";
import { versions } from "./pages/versions";
import { words } from "./words";

/** What is said in browsers; cards come from the server in the reader's language. */
export const germanInBrowsers = {
  ...common,
  ...frame,
  ...words,
  ...faults,
  ...answers,
  ...draft,
  ...fields,
  ...stage,
  ...mail,
  ...options,
  ...values,
  ...versions,
  ...trying,
};
