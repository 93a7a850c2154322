import { defineTrigger } from "../define";
import { among, ids } from "../options/fields";

const category = "users";

const ofGroup = (type: string, label: string, says: string, description: string) =>
  defineTrigger({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ groups: ids("group").optional() }),
    subject: { option: "groups", data: "group" },
    accepts: (params, data) => among(params.groups, data.group),
  });
const ofSeat = (type: string, label: string, says: string, description: string) =>
  defineTrigger({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ seats: ids("seat").optional() }),
    subject: { option: "seats", data: "seat" },
    accepts: (params, data) => among(params.seats, data.seat),
  });

export const groupJoined = ofGroup(
  "group.joined",
  "User is added to a user group",
  "joins [the group {groups}][any user group{!groups}]",
  "The user joins a user group: any, or one of these.",
);
export const groupLeft = ofGroup(
  "group.left",
  "User is removed from a user group",
  "leaves [the group {groups}][any user group{!groups}]",
  "The user leaves a user group: any, or one of these.",
);
export const seatAdded = ofSeat(
  "seat.added",
  "User is added to a seat offering",
  "gets a seat in {seats: any seat offering}",
  "The user is given a seat: any, or one of these.",
);
export const seatRemoved = ofSeat(
  "seat.removed",
  "User is removed from seat offering",
  "loses their seat in {seats: any seat offering}",
  "The user's seat is taken away: any, or one of these.",
);
