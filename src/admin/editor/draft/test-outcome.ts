import { isRecord } from "../../../definition/types";
import { isOk, refusalOf, type ServerAnswer } from "./api";

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
      return { tone: "fault", words: `${to} is no collaborator of this school: tests go to collaborators alone.` };
    return { tone: "fault", words: first ? `Not sent. ${first.message}` : message };
  }
  const { status, error } = isRecord(answer.body) ? answer.body : {};
  switch (status) {
    case "sent":
      return { tone: "good", words: `Sent to ${to}.` };
    case "captured":
      return { tone: "warned", words: "Not sent: this school keeps its mail. What would have left is shown above." };
    case "not_sent":
      return { tone: "warned", words: "Not sent: mail is not set up. An owner does so in Settings, Connectors." };
    case "suppressed":
      return { tone: "warned", words: `Not sent: ${to} is among the suppressed addresses (Deliveries).` };
    default:
      return {
        tone: "fault",
        words: `Not sent. The mail service said: ${typeof error === "string" ? error : "nothing"}`,
      };
  }
}
