import type { FC } from "hono/jsx";
import type { Way } from "../../../connectors";
import { say } from "../../../language/say";

/** Where those who report by a way in send it to: an address each, to be entered with them. None is shown to who may not see the key. */
export const Hooks: FC<{ way: Way; hookKey: string | null; origin: string }> = ({ way, hookKey, origin }) =>
  way.hooks === undefined || hookKey === null ? null : (
    <>
      <p>{say("Enter the address of the one you use as a webhook there:")}</p>
      <dl class="facts after">
        {way.hooks.map(({ name, path }) => (
          <>
            <dt>{name}</dt>
            <dd>
              <code>
                {origin}
                {path}/{hookKey}
              </code>
            </dd>
          </>
        ))}
      </dl>
    </>
  );
