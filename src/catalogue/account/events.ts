import * as z from "zod";
import { defineEvent } from "../define-event";
import { seenIn } from "../inactivity/visits";
import { USER_SIGNED_UP, USER_UPDATED } from "./facts";

const channel = z.enum(["web", "app"]).optional();

export const signedUp = defineEvent({
  type: USER_SIGNED_UP,
  label: "User signed up",
  description: "The user registered. Makes a fact once for each user, whether or not the user was known before.",
  signsUp: true,
  data: () => ({ auth_method: z.enum(["password", "sso", "api"]).optional() }),
  apply: (turn, data) => {
    const { learner } = turn;
    if (learner.signedUp) return;
    learner.signedUp = true;
    if (learner.registeredGuessed) {
      learner.registeredAt = turn.at;
      learner.registeredGuessed = false;
    }
    turn.make(USER_SIGNED_UP, data);
  },
});

export const signedIn = defineEvent({
  type: "user.signed_in",
  label: "User signed in",
  description: "The user signed in; counts as a visit of the school, or of the app.",
  browser: true,
  data: () => ({ channel }),
  apply: (turn, data) => {
    seenIn(turn, { channel: data.channel });
    turn.make("user.signed_in", data);
  },
});

/** The engine merges the attributes that come with every event, and makes this fact when any of them changed. */
export const updated = defineEvent({
  type: USER_UPDATED,
  label: "User updated",
  description: "Attributes of the user changed; the new ones stand in `user`.",
  data: () => ({}),
  apply: () => {},
});

export const signupApproved = defineEvent({
  type: "signup.approved",
  label: "Sign-up request approved",
  description: "The school let the user in.",
  data: () => ({}),
  apply: (turn, data) => turn.make("signup.approved", data),
});

export const signupRejected = defineEvent({
  type: "signup.rejected",
  label: "Sign-up request rejected",
  description: "The school did not let the user in.",
  data: () => ({ reason: z.string().max(256).optional() }),
  apply: (turn, data) => turn.make("signup.rejected", data),
});
