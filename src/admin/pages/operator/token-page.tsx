import type { FC } from "hono/jsx";
import { say } from "../../../language/say";
import { outside } from "../../address";
import { TextField } from "../../components/forms/form";
import { Doorstep } from "../../door/sign-in";
import type { Ctx } from "../../visit";

/** Where who runs the installation signs in. */
export const TokenPage: FC<{ c: Ctx; fault?: string }> = ({ c, fault }) => (
  <Doorstep c={c} title={say("Platform operator")}>
    <p>{say("The platform token is the Worker's secret ADMIN_TOKEN. It opens every school.")}</p>
    <form method="post" action={outside("/operator/sign-in")} class="form">
      <TextField name="token" type="password" label={say("Platform token")} required fault={fault} />
      <button type="submit" class="button is-main">
        {say("Sign in")}
      </button>
    </form>
    <p class="hint">
      {say("You work at a school?")} <a href={outside("/sign-in")}>{say("Sign in by email")}</a>
    </p>
  </Doorstep>
);
