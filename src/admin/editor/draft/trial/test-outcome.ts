import { isRecord } from "../../../../definition/types";
import { say } from "../../../../language/say";
import { isOk, refusalOf, type ServerAnswer } from "../api";

export interface Outcome {
  /** How it is marked: it left, it was kept, it was refused. */
  tone: "good" | "warned" | "fault";
  words: string;
}

/** What became of a test, in words. */
export function outcomeOf(answer: ServerAnswer, to: string): Outcome {
  if (!isOk(answer)) {
    const { message, faults } = refusalOf(answer);
    const [first] = faults;
    if (first?.path === "/to")
      return {
        tone: "fault",
        words: say("{address} is not a collaborator of this school: tests go only to collaborators.", { address: to }),
      };
    return { tone: "fault", words: first ? say("Not sent. {problem}", { problem: first.message }) : message };
  }
  const { status, error } = isRecord(answer.body) ? answer.body : {};
  switch (status) {
    case "sent":
      return { tone: "good", words: say("Sent to {address}.", { address: to }) };
    case "captured":
      return {
        tone: "warned",
        words: say("Not sent: this school keeps its mail. What would have left is shown above."),
      };
    case "not_sent":
      return { tone: "warned", words: say("Not sent: mail is not set up. An owner does so in Settings, Connectors.") };
    case "suppressed":
      return {
        tone: "warned",
        words: say("Not sent: {address} is among the suppressed addresses (Deliveries).", { address: to }),
      };
    default:
      return {
        tone: "fault",
        words: say("Not sent. The mail service said: {answer}", {
          answer: typeof error === "string" ? error : say("nothing"),
        }),
      };
  }
}
