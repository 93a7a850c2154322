import * as z from "zod";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import { HOLDERS } from "../../catalogue/facts/products";
import { defineJob } from "../../jobs/define";
import { everyUser } from "../../jobs/directory";

const autoGroup = z.object({ id: z.string(), course: z.string(), field: z.string() });

const params = z.object({
  /** Whether what it changes starts automations. */
  fire: z.boolean(),
  everything: z.boolean().exactOptional(),
  segment: z.string().exactOptional(),
  segments: z.array(z.string()).exactOptional(),
  dropSegment: z.string().exactOptional(),
  dropGroup: z.string().exactOptional(),
  sync: z.string().exactOptional(),
  withdrawSync: z.string().exactOptional(),
  autoGroup: z.string().exactOptional(),
  /** A bundle, subscription or seat holds other courses now. */
  holding: z.object({ type: z.enum(HOLDERS), id: z.string() }).exactOptional(),
  withdrawAutoGroup: autoGroup.exactOptional(),
  gone: z
    .object({ segments: z.array(z.string()), syncs: z.array(z.string()), autoGroups: z.array(autoGroup) })
    .exactOptional(),
});

/** Brings all users in line with a definition that was made, changed or deleted. */
export const alignJob = defineJob({
  name: "align",
  params,
  source: () => everyUser,
  about: ({ segment, segments, dropSegment, sync, withdrawSync, autoGroup, holding }) => {
    const [only, ...others] = segments ?? [];
    const ofSegment = segment ?? dropSegment ?? (others.length ? undefined : only);
    const ofSync = sync ?? withdrawSync;
    if (holding) return { kind: holding.type, id: holding.id };
    if (ofSync !== undefined) return { kind: "sync", id: ofSync };
    if (autoGroup !== undefined) return { kind: "auto_group", id: autoGroup };
    return ofSegment === undefined ? null : { kind: "segment", id: ofSegment };
  },
  cancellable: (what) =>
    what.dropSegment === undefined &&
    what.dropGroup === undefined &&
    what.withdrawSync === undefined &&
    what.withdrawAutoGroup === undefined &&
    what.gone === undefined,
  perform: async ({ env, school }, what, user) => {
    await userObject(env, school, user).change(referenceOf(school), { kind: "align", ...what }, { creates: false });
    return null;
  },
});
