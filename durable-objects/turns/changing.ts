import type { Packed } from "../../src/calls/shape";
import type { Changed, SchoolReference } from "../../src/calls/user";
import { presentLearner } from "../../src/catalogue/shown/present";
import type { Change, Played } from "../../src/engine/play";
import type { Run, UserState } from "../../src/engine/types";
import { noteListed } from "../address/addresses";
import { isFirst, noteOnce } from "../packed/packed";
import type { TurnScene } from "../scene";
import type { Telling } from "../telling/telling";
import type { Turns } from "./turn";

export interface ChangeOptions {
  creates: boolean;
  /** A name under which it is made once, however often it is asked for. */
  once?: string;
  /** The caller sees to it that D1 hears of it. */
  tells?: boolean;
  /** So soon that the object of a new address need not be told whose it is. */
  lists?: boolean;
}

const nothing = (): void => {};

/** Makes a change that is no event; null where the user is not known and none is to be made. */
export async function change(
  { turns, telling }: { turns: Turns; telling: Pick<Telling, "pending"> },
  reference: SchoolReference,
  input: Change,
  options: ChangeOptions,
): Promise<Changed | null> {
  let idle = false;
  const take = (packed: Packed, scene: TurnScene): Changed | null => {
    idle = false;
    const isNew = !packed.state;
    if (isNew && !options.creates) return null;
    // Jobs and imports show nobody: of a learner with much it is half a megabyte.
    const answer = (user: UserState | null, created: boolean) => ({
      user: user && input.kind === "put" ? presentLearner(user.learner, scene.world.school) : null,
      created,
    });
    if (options.once !== undefined && !isFirst(packed, options.once)) return answer(packed.state, false);
    const happened = turns.happen(packed, scene, { ...input, ...(isNew ? { isNew } : {}) });
    const { refused } = happened;
    if (refused) return { ...answer(packed.state, false), refused };
    idle = happened.isIdle === true && options.once === undefined;
    if (options.once !== undefined) noteOnce(packed, options.once);
    // A test school's clock may stand still: there nobody waits for the directory.
    if (options.lists && packed.isLive && !idle) noteListed(packed);
    return answer(packed.state, isNew);
  };
  const changed = await turns.change(reference, options.creates, take, {
    isIdle: () => idle,
    ...(options.tells ? { onNews: nothing } : {}),
  });
  // So it need not be fetched by a call of its own.
  return changed && options.tells ? { ...changed, untold: telling.pending({ exact: false }) } : changed;
}

/** Does something to a run; false where it is not in a state for it. @param more runs that have ended and are meant too */
export async function control(
  turns: Turns,
  reference: SchoolReference,
  input: Played,
  { more = [], may = () => true }: { more?: readonly Run[]; may?: () => boolean } = {},
): Promise<boolean> {
  const take = (packed: Packed, scene: TurnScene): boolean =>
    packed.state !== null && may() && turns.happen(packed, scene, input).done;
  return (await turns.change(reference, false, take, { more })) ?? false;
}
