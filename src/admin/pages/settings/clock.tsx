import { type Problem, Problem as Refused } from "../../../base/errors/errors";
import { isLocalDateTime, localToInstant } from "../../../catalogue/dates/time";
import { later, say, weave } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Form, TextField } from "../../components/forms/form";
import { Moment } from "../../components/moment";
import { Pages } from "../../page";
import { attempt, type Ctx, formFieldsOf, type Html, seeOther } from "../../visit";
import { shiftMeant } from "../../words/values/moments";
import { RefusalNotice } from "../problem";
import { SettingsPage } from "./frame";

const STEPS = [
  ["PT0S", later("Do what is due now")],
  ["PT1H", later("1 hour on")],
  ["P1D", later("1 day on")],
  ["P1W", later("1 week on")],
  ["P1M", later("1 month on")],
] as const;

function clockPage(c: Ctx, refused: Problem | null = null): Html {
  const { school, nowMs, timezone, mayEdit, path } = c.var.visit;
  // Where a move was to go of which more is left.
  const to = c.req.query("to");
  return (
    <SettingsPage c={c} title={say("Test clock")} here="/settings/clock">
      {school.mode === "live" ? (
        <Banner>{say("This is a live school: its clock is the real one.")}</Banner>
      ) : (
        <>
          <p class="lead">
            {weave("It is {moment} in this school until you move the clock.", {
              moment: <Moment atMs={nowMs} nowMs={nowMs} timezone={timezone} exact />,
            })}
          </p>
          <p class="soft">
            {say(
              "Whatever is due by then happens in order: waits, dates, inactivity, ends of trials. Nothing leaves the school.",
            )}
          </p>
          <RefusalNotice problem={refused} />
          {mayEdit ? (
            <>
              {to !== undefined && nowMs <= Date.parse(to) ? (
                <Form action={path("/settings/clock")} class="inline after">
                  <button type="submit" class="button is-main" name="exactly" value={to}>
                    {weave("Go on to {moment}", {
                      moment: <Moment atMs={Date.parse(to)} nowMs={nowMs} timezone={timezone} exact />,
                    })}
                  </button>
                </Form>
              ) : null}
              <Form action={path("/settings/clock")} class="inline after">
                {STEPS.map(([advance, label]) => (
                  <button type="submit" class="button" name="advance" value={advance}>
                    {say(label)}
                  </button>
                ))}
              </Form>
              <Form action={path("/settings/clock")} class="form after">
                <TextField
                  name="advance"
                  label={say("Or by a duration")}
                  hint={say("Such as 10 days, 3 weeks, 1 year.")}
                  required
                />
                <button type="submit" class="button">
                  {say("Move by this")}
                </button>
              </Form>
              <Form action={path("/settings/clock")} class="form after">
                <div class="field">
                  <label for="f-to">{say("Or to a moment")}</label>
                  <input id="f-to" name="to" type="datetime-local" required />
                </div>
                <button type="submit" class="button">
                  {say("Move to it")}
                </button>
              </Form>
            </>
          ) : null}
        </>
      )}
    </SettingsPage>
  );
}

export const settingsClockPages = new Pages();

settingsClockPages.get("/settings/clock", "viewer", (c) => c.html(clockPage(c)));

settingsClockPages.post("/settings/clock", "editor", async (c) => {
  const { api, timezone } = c.var.visit;
  const fields = await formFieldsOf(c);
  const to = fields.text("to");
  const exactly = fields.text("exactly");
  const { value, refused } = await attempt(async () => {
    if (to !== "" && !isLocalDateTime(to)) throw new Refused("invalid", say("Write the moment like 2026-01-31T09:00."));
    if (exactly !== "") return api.call("POST /v1/test-clock", { body: { to: exactly } });
    const asked =
      to === ""
        ? { advance: shiftMeant(`in ${fields.text("advance")}`).replace(/^in /, "") }
        : { to: new Date(localToInstant(to, timezone)).toISOString() };
    return api.call("POST /v1/test-clock", { body: asked });
  });
  if (refused) return c.html(clockPage(c, refused), refused.status);
  const notice = value.to === undefined ? { done: "moved" } : { done: "more", to: value.to };
  return seeOther(c, c.var.visit.path("/settings/clock"), notice);
});
