import { say, weave } from "../../../language/say";
import { Form } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Pages } from "../../page";
import { formFieldsOf, seeOther } from "../../visit";
import { called, learnerOf, learnerPath } from "./learner-frame";

export const erasurePages = new Pages();

erasurePages.get("/learners/:id/erase", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  return c.html(
    <Layout title={say("Erase {name}", { name: called(learner) })} viewer={visit.viewer} section="learners">
      <PageHead title={say("Erase “{name}”?", { name: called(learner) })} />
      <div class="prose">
        <p>
          {say(
            "What is known of them, their runs, waits and messages go, and their personal data in the log. What has not been sent yet is not sent. This cannot be undone; a later event of theirs begins afresh.",
          )}
        </p>
        <Form action={`${learnerPath(visit, learner.id)}/erase`} class="form">
          <label class="field">
            <span>{weave("Write {id} to go on", { id: <b>{learner.id}</b> })}</span>
            <input name="id" required autocomplete="off" />
          </label>
          <span class="inline">
            <button type="submit" class="button is-danger">
              {say("Erase for good")}
            </button>
            <a class="button" href={learnerPath(visit, learner.id)}>
              {say("Keep")}
            </a>
          </span>
        </Form>
      </div>
    </Layout>,
  );
});

erasurePages.post("/learners/:id/erase", "editor", async (c) => {
  const id = c.req.param("id");
  if ((await formFieldsOf(c)).text("id") !== id) return seeOther(c, `${learnerPath(c.var.visit, id)}/erase`);
  await c.var.visit.api.call("DELETE /v1/users/:id", { params: { id } });
  return seeOther(c, c.var.visit.path("/learners"), { done: "erased" });
});
