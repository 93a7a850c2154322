import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { say } from "../../../language/say";
import { outside } from "../../address";
import { ActionButton } from "../../components/forms/form";

export type SecretKey = AnswerTo<"GET /v1/secret-key">;

/** Of two secrets side by side: what is to be done, and how far it is. */
export const SecretChange: FC<{ of: SecretKey }> = ({ of: { rotation, warning } }) =>
  rotation ? (
    <>
      <h2 class="part">{say("The Worker’s secret becomes another")}</h2>
      <p class="soft">{heard(warning ?? "")}</p>
      {rotation.per_second === null ? null : (
        <p class="soft">
          {say("{done} of {total} rows, {speed} a second; {sealed} secrets sealed anew.", {
            done: rotation.done,
            total: rotation.total,
            speed: Math.round(rotation.per_second),
            sealed: rotation.sealed,
          })}
        </p>
      )}
      {rotation.status === "not_begun" ? (
        <ActionButton action={outside("/operator/secret-key")}>{say("Seal anew what the old one sealed")}</ActionButton>
      ) : null}
    </>
  ) : null;
