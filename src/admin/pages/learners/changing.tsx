import type { Problem } from "../../../base/errors/errors";
import { say } from "../../../language/say";
import { Layout, PageHead } from "../../components/frame/layout";
import { Pages } from "../../page";
import { attempt, type Ctx, formFieldsOf, seeOther } from "../../visit";
import { RefusalNotice } from "../problem";
import { attributesIn, ChangeForm, type Written, writtenIn, writtenOf } from "./change-form";
import { called, learnerOf, learnerPath, onlyLooking } from "./learner-frame";

export const changingPages = new Pages();

async function page(c: Ctx, written: Written | null, refused: Problem | null) {
  const { visit } = c.var;
  const [learner, declared] = await Promise.all([learnerOf(c), visit.api.all("GET /v1/profile-fields")]);
  const title = say("Change {name}", { name: called(learner) });
  const back = learnerPath(visit, learner.id);
  return c.html(
    <Layout title={title} viewer={visit.viewer} section="learners">
      <PageHead title={title} />
      <RefusalNotice problem={refused} />
      <ChangeForm
        action={`${back}/change`}
        back={back}
        written={written ?? writtenOf(learner)}
        declared={declared}
        refused={refused}
      />
    </Layout>,
    refused ? 422 : 200,
  );
}

changingPages.get("/learners/:id/change", "viewer", (c) => {
  // Spelled otherwise this is the address of a profile, which viewers may look for: so they are let in, and told.
  if (!c.var.visit.mayEdit) return onlyLooking(c);
  return page(c, null, null);
});

changingPages.post("/learners/:id/change", "editor", async (c) => {
  const { visit } = c.var;
  const written = writtenIn(await formFieldsOf(c));
  const [learner, declared] = await Promise.all([learnerOf(c), visit.api.all("GET /v1/profile-fields")]);
  const body = attributesIn(written, learner, declared);
  const done = Object.keys(body).length
    ? await attempt(() => visit.api.call("PUT /v1/users/:id", { params: { id: learner.id }, body }))
    : { refused: null };
  if (done.refused) return page(c, written, done.refused);
  return seeOther(c, learnerPath(visit, learner.id), { done: "saved" });
});
