import { carriedOut, GIVEN, TAKEN } from "./answer";
import { type Doing, way } from "./way";

const change = ({ api, ask }: Doing, tag: string, action: "attach" | "detach") =>
  ask((uid) => api.request("PUT", `/v2/users/${uid}/tags`, { tags: [tag], action }));

export const tagWays = [
  way("tag.added", async (doing, { tag }) => carriedOut(await change(doing, tag, "attach"), GIVEN)),
  way("tag.removed", async (doing, { tag }) => carriedOut(await change(doing, tag, "detach"), TAKEN)),
];
