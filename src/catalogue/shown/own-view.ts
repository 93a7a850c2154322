import * as z from "zod";
import { checkPattern, compilePattern } from "../text/pattern";
import { type PresentedUser, presentedUser } from "./present";

/*
 * What learners are shown of themselves: what they know anyhow, and of the rest what their school chose to show.
 */

const pattern = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const fault = checkPattern(text);
    if (fault !== null) context.addIssue({ code: "custom", message: fault });
  });

/** `settings.visible`: nothing beyond the learner's own courses where it says nothing. */
export const visible = z
  .strictObject({
    tags: z.array(pattern).max(50).default([]).meta({
      description: "Patterns (RE2, found anywhere, in any case): tags for which one is found. ^level: for level:3.",
    }),
    fields: z.array(z.string().min(1).max(128)).max(100).default([]).meta({ description: "Keys of profile fields." }),
    segments: z.boolean().default(false),
  })
  .meta({ description: "What a learner's own page is shown beside id, username, enrolments and courses." });
export type Visible = z.output<typeof visible>;

export const NOTHING_VISIBLE: Visible = { tags: [], fields: [], segments: false };

/** The user as shown to the user (contract §5): what the school does not show is not there at all. */
export const ownView = presentedUser
  .pick({ id: true, username: true, enrolments: true, courses: true })
  .extend(presentedUser.pick({ tags: true, fields: true, segments: true }).partial().shape);
export type OwnView = z.output<typeof ownView>;

export function ownViewOf(user: PresentedUser, { tags, fields, segments }: Visible): OwnView {
  const patterns = tags.map((one) => compilePattern(one, { ignoreCase: true }));
  const { id, username, enrolments, courses } = user;
  return {
    id,
    username,
    enrolments,
    courses,
    ...(tags.length ? { tags: user.tags.filter((tag) => patterns.some((shows) => shows(tag))) } : {}),
    ...(fields.length
      ? { fields: Object.fromEntries(Object.entries(user.fields).filter(([key]) => fields.includes(key))) }
      : {}),
    ...(segments ? { segments: user.segments } : {}),
  };
}
