import type { FC } from "hono/jsx";
import { many, say } from "../../../language/say";
import { ActionButton } from "../../components/forms/form";
import { Pages } from "../../page";
import { formFieldsOf, seeOther } from "../../visit";
import { OwnersOnly, SettingsPage } from "./frame";

interface Figures {
  runs: number;
  mails: number;
}

const Pausing: FC<Figures & { action: string }> = ({ runs, mails, action }) => (
  <>
    <p class="lead">{say("The school is not paused.")}</p>
    <p>
      {say(
        "A pause stops what automations do, and nothing else: events are taken and state is kept; segments, syncs and ends of enrolments go on, and the LMS hears of them. What would start, and waits that end, are held, and no message leaves until you let them go on.",
      )}{" "}
      {say("{runs}, and {messages}.", {
        runs: many(runs, "{n} run is under way", "{n} runs are under way"),
        messages: many(mails, "{n} message has not left yet", "{n} messages have not left yet"),
      })}
    </p>
    <div class="after">
      <ActionButton action={action} tone="danger" fields={{ paused: "true" }}>
        {say("Pause the school")}
      </ActionButton>
    </div>
  </>
);

const Paused: FC<Figures & { action: string }> = ({ runs, mails, action }) => (
  <>
    <p class="lead">{say("The school is paused.")}</p>
    <p>
      {say("{runs}, and {messages}.", {
        runs: many(runs, "{n} run is held by the pause", "{n} runs are held by the pause"),
        messages: many(mails, "{n} message has not left", "{n} messages have not left"),
      })}{" "}
      {runs > 0 ? say("Where the held runs end, the others and the messages go on all the same.") : ""}
    </p>
    <div class="inline after">
      <ActionButton action={action} tone="main" fields={{ paused: "false" }}>
        {runs + mails > 0 ? say("Let it go on, with what was held") : say("Let it go on")}
      </ActionButton>
      {runs > 0 ? (
        <ActionButton action={action} tone="danger" fields={{ paused: "false", held: "exit" }}>
          {many(runs, "Let it go on, but end the held run", "Let it go on, but end the {n} held runs")}
        </ActionButton>
      ) : null}
    </div>
  </>
);

export const settingsPausePages = new Pages();

settingsPausePages.get("/settings/pause", "viewer", async (c) => {
  const { api, mayOwn, path, school } = c.var.visit;
  const { paused } = await api.call("GET /v1/school");
  const body = { paused: !paused };
  const figures = mayOwn ? await api.call("PATCH /v1/school", { query: { dry_run: "true" }, body }) : null;
  const Shown = paused ? Paused : Pausing;
  return c.html(
    <SettingsPage c={c} title={say("Pause")} here="/settings/pause">
      {figures && "runs" in figures ? (
        <Shown {...figures} action={path("/settings/pause")} />
      ) : (
        <>
          <p class="lead">{school.paused ? say("The school is paused.") : say("The school is not paused.")}</p>
          <OwnersOnly />
        </>
      )}
    </SettingsPage>,
  );
});

settingsPausePages.post("/settings/pause", "owner", async (c) => {
  const fields = await formFieldsOf(c);
  const paused = fields.text("paused") === "true";
  const ends = fields.text("held") === "exit";
  await c.var.visit.api.call("PATCH /v1/school", { body: { paused, ...(ends ? { held: "exit" } : {}) } });
  return seeOther(c, c.var.visit.path("/settings/pause"), { done: paused ? "paused" : "unpaused" });
});
