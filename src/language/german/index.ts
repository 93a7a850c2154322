import { answers } from "./answers";
import { actions } from "./catalogue/actions";
import { categories } from "./catalogue/categories";
import { conditions } from "./catalogue/conditions";
import { events } from "./catalogue/events";
import { options } from "./catalogue/options";
import { steps } from "./catalogue/steps";
import { templates } from "./catalogue/templates";
import { triggers } from "./catalogue/triggers";
import { values } from "./catalogue/values";
import { common } from "./common";
import { connectorOptions } from "./connector-options";
import { door } from "./door";
import { draft } from "./editor/draft";
import { fields } from "./editor/fields";
import { mail } from "./editor/mail";
import { stage } from "./editor/stage";
import { trying } from "./editor/trying";
import { evidence } from "./evidence";
import { faults } from "./faults";
import { frame } from "./frame";
import { learnerPages } from "./learner-pages";
import { notices } from "./notices";
import { audit } from "./pages/audit";
import { automations } from "./pages/automations";
import { catchingUp } from "./pages/catching-up";
import { health } from "./pages/health";
import { learners } from "./pages/learners";
import { lms } from "./pages/lms";
import { map } from "./pages/map";
import { moving } from "./pages/moving";
import { operator } from "./pages/operator";
import { pieces } from "./pages/pieces";
import { products } from "./pages/products";
import { runs } from "./pages/runs";
import { schemas } from "./pages/schemas";
import { segments } from "./pages/segments";
import { sending } from "./pages/sending";
import { settings } from "./pages/settings";
import { switchingOn } from "./pages/switching-on";
import { versions } from "./pages/versions";
import { why } from "./pages/why";
import { words } from "./words";

/** English to German, by where it is said. */
export const german = {
  ...common,
  ...frame,
  ...notices,
  ...door,
  ...learnerPages,
  ...evidence,
  ...connectorOptions,
  ...schemas,
  ...words,
  ...faults,
  ...answers,
  ...draft,
  ...fields,
  ...stage,
  ...trying,
  ...mail,
  ...events,
  ...triggers,
  ...conditions,
  ...actions,
  ...steps,
  ...options,
  ...values,
  ...categories,
  ...templates,
  ...automations,
  ...switchingOn,
  ...versions,
  ...runs,
  ...why,
  ...catchingUp,
  ...pieces,
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
};

export type Text = keyof typeof german;
