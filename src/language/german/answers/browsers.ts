import { connections } from "./connections";
import { definitions } from "./definitions";
import { faults } from "./faults";
import { jobs } from "./jobs";
import { nouns } from "./nouns";
import { problems } from "./problems";
import { warnings } from "./warnings";

/** What the editor may be answered; the rest is shown by the server alone. */
export const answersInBrowsers = {
  ...problems,
  ...definitions,
  ...faults,
  ...warnings,
  ...jobs,
  ...connections,
  ...nouns,
};
