import type { ChangeData, ChangeType } from "../../../catalogue/facts/changes";
import type { CarriedOut } from "../port";
import type { Moodle } from "./call";

/** A change on its way: what is to be true of whom. */
export interface Carrying<T extends ChangeType> {
  type: T;
  user: string;
  data: ChangeData<T>;
}

/** Makes one kind of change. Rejects with a `MoodleFault`. */
export type Carry<T extends ChangeType> = (moodle: Moodle, change: Carrying<T>) => Promise<CarriedOut>;

export const done = (detail?: string): CarriedOut => ({
  status: "done",
  code: 200,
  ...(detail === undefined ? {} : { detail }),
});
