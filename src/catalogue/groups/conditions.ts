import { defineCondition } from "../define";
import { ids } from "../options/fields";
import { inGroup } from "./change";

const category = "user";

export const isGroupMember = defineCondition({
  type: "group.is_member",
  label: "Is a member of a user group",
  also: ["cohort", "class", "team"],
  says: "<are|are not> in the group {groups}",
  category,
  description: "The user is in any of these groups.",
  params: () => ({ groups: ids("group") }),
  test: ({ groups }, { learner }) => groups.some((one) => inGroup(learner, one)),
  seen: ({ learner }) => learner.groups.map((one) => one.group),
});

export const isNotGroupMember = defineCondition({
  type: "group.is_not_member",
  label: "Is not a member of a user group",
  also: ["cohort", "class", "team"],
  says: "<are not|are> in the group {groups}",
  category,
  description: "The user is in none of these groups.",
  denies: ["group.is_member"],
  params: () => ({ groups: ids("group") }),
  test: ({ groups }, { learner }) => !groups.some((one) => inGroup(learner, one)),
  seen: ({ learner }) => learner.groups.map((one) => one.group),
});

export const isSeatMember = defineCondition({
  type: "seat.is_member",
  label: "Is a member of a seat offering",
  also: ["licence", "license"],
  says: "<have|do not have> a seat in {seats}",
  category,
  description: "The user has any of these seats.",
  params: () => ({ seats: ids("seat") }),
  test: ({ seats }, { learner }) => seats.some((one) => learner.seats.includes(one)),
  seen: ({ learner }) => learner.seats,
});

export const isNotSeatMember = defineCondition({
  type: "seat.is_not_member",
  label: "Is not a member of a seat offering",
  also: ["licence", "license"],
  says: "<do not have|have> a seat in {seats}",
  category,
  description: "The user has none of these seats.",
  denies: ["seat.is_member"],
  params: () => ({ seats: ids("seat") }),
  test: ({ seats }, { learner }) => !seats.some((one) => learner.seats.includes(one)),
  seen: ({ learner }) => learner.seats,
});
