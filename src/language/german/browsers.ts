import { answers } from "./answers";
import { common } from "./common";
import { draft } from "./editor/draft";
import { fields } from "./editor/fields";
import { mail } from "./editor/mail";
import { stage } from "./editor/stage";
import { trying } from "./editor/trying";
import { frame } from "./frame";
import { words } from "./words";

/** What is said in browsers; cards come from the server in the reader's language. */
export const germanInBrowsers = {
  ...common,
  ...frame,
  ...words,
  ...answers,
  ...draft,
  ...fields,
  ...stage,
  ...trying,
  ...mail,
};
