import { answers } from "./answers";
import { actions } from "./catalogue/actions";
import { conditions } from "./catalogue/conditions";
import { options } from "./catalogue/options";
import { steps } from "./catalogue/steps";
import { triggers } from "./catalogue/triggers";
import { values } from "./catalogue/values";
import { common } from "./common";
import { draft } from "./editor/draft";
import { fields } from "./editor/fields";
import { mail } from "./editor/mail";
import { stage } from "./editor/stage";
import { frame } from "./frame";
import { audit } from "./pages/audit";
import { automations } from "./pages/automations";
import { catchingUp } from "./pages/catching-up";
import { health } from "./pages/health";
import { learners } from "./pages/learners";
import { lms } from "./pages/lms";
import { map } from "./pages/map";
import { moving } from "./pages/moving";
import { operator } from "./pages/operator";
import { products } from "./pages/products";
import { runs } from "./pages/runs";
import { schemas } from "./pages/schemas";
import { segments } from "./pages/segments";
import { sending } from "./pages/sending";
import { settings } from "./pages/settings";
import { words } from "./words";

/** English to German, by where it is said. */
export const german = {
  ...common,
  ...frame,
  ...words,
  ...answers,
  ...draft,
  ...fields,
  ...stage,
  ...mail,
  ...triggers,
  ...conditions,
  ...actions,
  ...steps,
  ...options,
  ...values,
  ...automations,
  ...runs,
  ...catchingUp,
  ...products,
  ...moving,
  ...health,
  ...learners,
  ...lms,
  ...map,
  ...operator,
  ...segments,
  ...sending,
  ...settings,
  ...audit,
  ...schemas,
};

export type Text = keyof typeof german;
