import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors/errors";
import { say } from "../../../language/say";
import { outside } from "../../address";
import { SelectField, TextField } from "../../components/forms/form";
import { faultAt } from "../../visit";
import { jurisdictionName } from "../../words/values/jurisdiction";

/** What is asked of a school to be made. */
export interface Asked {
  id: string;
  name: string;
  email: string;
  jurisdiction: string;
}

interface NewSchoolProps {
  values: Asked | undefined;
  refused: Problem | null | undefined;
}

export const NewSchool: FC<NewSchoolProps> = ({ values, refused }) => (
  <>
    <h2 class="part">{say("New school")}</h2>
    <form method="post" action={outside("/operator")} class="form">
      <TextField
        name="name"
        label={say("Name")}
        value={values?.name ?? ""}
        required
        fault={faultAt(refused, "/name")}
      />
      <TextField
        name="id"
        label={say("Id")}
        optional
        value={values?.id ?? ""}
        hint={say("a–z, 0–9 and hyphens; leave it empty to have one made up.")}
        fault={faultAt(refused, "/id")}
      />
      <SelectField
        name="mode"
        label={say("Mode")}
        options={[
          ["live", say("Live")],
          ["test", say("Test: its clock stands still, nothing leaves it")],
        ]}
      />
      <SelectField
        name="jurisdiction"
        label={say("Where its learners' data is kept")}
        value={values?.jurisdiction ?? ""}
        options={[
          ["", say("wherever it is nearest")],
          ["eu", jurisdictionName("eu")],
          ["us", jurisdictionName("us")],
        ]}
        hint={say(
          "Fixed for good. What is known of each learner, what happened and what was sent are kept there. The list of learners (ids, names, addresses, tags, courses), settings and automations are kept in the main database, wherever that was made.",
        )}
        fault={faultAt(refused, "/jurisdiction")}
      />
      <TextField
        name="email"
        type="email"
        label={say("Owner's email")}
        optional
        value={values?.email ?? ""}
        hint={say("May sign in at once, and add others.")}
        fault={faultAt(refused, "/settings")}
      />
      <button type="submit" class="button is-main">
        {say("Create school")}
      </button>
    </form>
  </>
);
