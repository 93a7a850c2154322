import * as z from "zod";
import { type Carry, done } from "../carry";
import { MoodleFault, refuse } from "../faults";
import { personOf } from "../known";

/*
 * Messages of Moodle's own. One goes in a call, for with one bad among several the good ones are sent and the answer
 * is an error; and Moodle knows no second one by anything, so that what may have been sent is not sent again.
 */

const MOST_BYTES = 4_096;
const PLAIN_TEXT = 2;

const sent = z.array(z.object({ msgid: z.number() })).length(1);

export const messaged: Carry<"message.sent"> = async (moodle, { user, data: { subject, body } }) => {
  const text = subject ? `${subject}\n\n${body}` : body;
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes > MOST_BYTES) throw refuse(`a message in Moodle has at most ${MOST_BYTES} bytes; this one has ${bytes}`);
  const touserid = await personOf(moodle, user);
  const message = { touserid, text, textformat: PLAIN_TEXT };
  const [answer] = await moodle
    .call("core_message_send_instant_messages", { messages: [message] }, sent)
    .catch((fault: unknown) => {
      if (!(fault instanceof MoodleFault) || !fault.seen.perhapsDone) throw fault;
      throw refuse(`${fault.message}; it may have been sent, so it is not sent again`);
    });
  if (!answer || answer.msgid < 0)
    throw refuse(
      "Moodle does not let the service user write to this person (moodle/site:messageanyuser), or does not know them",
    );
  return done();
};
