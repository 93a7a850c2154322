import { defineAction, done, requireRoom, skipped } from "../define";
import { coursesIn, enrolmentsOf } from "../enrolment/holding";
import { giving, taking } from "../facts/effect";
import { ids } from "../options/fields";
import { gives } from "../undo/things";
import { addSeat, enterSpace, joinGroup, leaveGroup, leaveSpace, removeSeat } from "./change";

const groups = ids("group");
const seats = ids("seat");
const spaces = ids("space");
const about = (type: string, name: string, list: readonly string[]) =>
  list.map((one) => ({ type, data: { [name]: one } }));

export const addToGroups = defineAction({
  type: "group.add",
  label: "Add to a user group",
  also: ["cohort", "class", "team"],
  says: "add them to the group {groups|and}",
  category: "user management",
  description: "Adds the user to groups.",
  undo: gives("group", "joined"),
  params: () => ({ groups }),
  effect: giving,
  makes: ["group.joined"],
  mayMake: (params) => about("group.joined", "group", params.groups),
  perform: (doing, params) => {
    const joined = params.groups.filter((one) => joinGroup(doing, one, "run"));
    return joined.length ? done({ joined }) : skipped("already_member");
  },
});

export const removeFromGroups = defineAction({
  type: "group.remove",
  label: "Remove user from a user group",
  also: ["cohort", "class", "team"],
  says: "remove them from the group {groups|and}",
  category: "user management",
  description: "Removes the user from groups; a membership that a sync holds stays.",
  params: () => ({ groups }),
  effect: taking,
  makes: ["group.left"],
  mayMake: (params) => about("group.left", "group", params.groups),
  perform: (doing, params) => {
    const results = params.groups.map((one) => [one, leaveGroup(doing, one)] as const);
    const left = results.flatMap(([one, result]) => (result === "left" ? [one] : []));
    const held = results.some(([, result]) => result === "held");
    if (left.length) return done({ left, ...(held ? { reason: "held_by_sync" } : {}) });
    return skipped(held ? "held_by_sync" : "not_a_member");
  },
});

export const addToSeats = defineAction({
  type: "seat.add",
  label: "Add to seat",
  also: ["licence", "license"],
  says: "give them a seat in {seats|and}",
  category: "user management",
  description: "Gives the user seats.",
  undo: gives("seat", "added"),
  params: () => ({ seats }),
  effect: giving,
  makes: ["seat.added"],
  // Which courses a seat holds is the LMS's to say.
  mayMake: (params) => [...about("seat.added", "seat", params.seats), { type: "course.enrolled", data: {} }],
  perform: (doing, params) => {
    const { school } = doing;
    requireRoom(doing, {
      enrolments: params.seats.flatMap((one) => enrolmentsOf("seat", one, coursesIn(school, "seat", one))),
    });
    const added = params.seats.filter((one) => addSeat(doing, one));
    return added.length ? done({ added }) : skipped("already_held");
  },
});

export const removeFromSeats = defineAction({
  type: "seat.remove",
  label: "Remove from seat",
  also: ["licence", "license"],
  says: "take their seat in {seats|and}",
  category: "user management",
  description: "Takes seats from the user.",
  params: () => ({ seats }),
  effect: taking,
  makes: ["seat.removed"],
  mayMake: (params) => [...about("seat.removed", "seat", params.seats), { type: "course.unenrolled", data: {} }],
  perform: (doing, params) => {
    const removed = params.seats.filter((one) => removeSeat(doing, one));
    return removed.length ? done({ removed }) : skipped("not_held");
  },
});

export const addToSpaces = defineAction({
  type: "space.add",
  label: "Add to a Private Space",
  also: ["community"],
  says: "add them to the space {spaces|and}",
  category: "community",
  description: "Lets the user into private spaces.",
  undo: gives("space", "added"),
  params: () => ({ spaces }),
  effect: giving,
  makes: [],
  tells: ["space.added"],
  perform: (doing, params) => {
    const added = params.spaces.filter((one) => enterSpace(doing, one));
    return added.length ? done({ added }) : skipped("already_held");
  },
});

export const removeFromSpaces = defineAction({
  type: "space.remove",
  label: "Remove from a Private Space",
  also: ["community"],
  says: "remove them from the space {spaces|and}",
  category: "community",
  description: "Takes the user out of private spaces.",
  params: () => ({ spaces }),
  effect: taking,
  makes: [],
  tells: ["space.removed"],
  perform: (doing, params) => {
    const removed = params.spaces.filter((one) => leaveSpace(doing, one));
    return removed.length ? done({ removed }) : skipped("not_held");
  },
});
