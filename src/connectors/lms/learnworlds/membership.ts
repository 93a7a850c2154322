import * as z from "zod";
import { carriedOut, GIVEN, TAKEN } from "./answer";
import { segment } from "./api";
import { way } from "./way";

/* What a user is in: user groups, seats, spaces of the community. */

const added = z.object({ data: z.object({ invitation: z.boolean() }) });

export const membershipWays = [
  way("group.joined", async ({ api, ask }, { group }) =>
    carriedOut(await ask((uid) => api.request("POST", `/v2/user_groups/${segment(group)}/users/${uid}`)), GIVEN),
  ),
  way("group.left", async ({ api, ask }, { group }) =>
    carriedOut(await ask((uid) => api.request("DELETE", `/v2/user_groups/${segment(group)}/users/${uid}`)), TAKEN),
  ),
  // Said, since the default makes a member without a seat.
  way("seat.added", async ({ api, ask }, { seat }) => {
    const body = { add_to_active_seat: true };
    return carriedOut(await ask((uid) => api.request("POST", `/v2/seats/${segment(seat)}/users/${uid}`, body)), GIVEN);
  }),
  // Said, since the default frees the seat and keeps the member.
  way("seat.removed", async ({ api, ask }, { seat }) => {
    const body = { remove_from_seat_offering: true };
    return carriedOut(
      await ask((uid) => api.request("DELETE", `/v2/seats/${segment(seat)}/users/${uid}`, body)),
      TAKEN,
    );
  }),
  way("space.added", async ({ api, ask }, { space }) => {
    const answer = await ask((_, id) =>
      api.request("POST", `/v2/community/spaces/${segment(space)}/users`, { uids: [id] }),
    );
    const isInvited = answer.ok && added.safeParse(answer.json).data?.data.invitation;
    return carriedOut(answer, GIVEN, isInvited ? "invited: in the space once they accept" : undefined);
  }),
  way("space.removed", async ({ api, ask }, { space }) =>
    carriedOut(await ask((uid) => api.request("DELETE", `/v2/community/spaces/${segment(space)}/users/${uid}`)), TAKEN),
  ),
];
