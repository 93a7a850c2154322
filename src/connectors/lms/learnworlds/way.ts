import type { ChangeData, ChangeType, SentChange } from "../../../catalogue/facts/changes";
import type { Parcel } from "../../ports";
import type { CarriedOut } from "../port";
import type { Answer } from "./answer";
import { type Api, segment } from "./api";
import { askOf } from "./person";

/** What a change is carried out with. */
export interface Doing {
  api: Api;
  /** Asks something of the change's user; `uid` is ready for a path. */
  ask(request: (uid: string, id: string) => Promise<Answer>): Promise<Answer>;
  now: number;
}

/** How changes of one type are carried out. */
export interface Way {
  type: ChangeType;
  carry(change: SentChange, doing: Doing): Promise<CarriedOut>;
}

export const way = <T extends ChangeType>(
  type: T,
  carry: (doing: Doing, data: ChangeData<T>) => Promise<CarriedOut>,
): Way => ({
  type,
  // It is given changes of its type alone, whose data are of that type.
  carry: (change, doing) => carry(doing, change.data as ChangeData<T>),
});

export const doingFor = (api: Api, person: Parcel["user"], now: number): Doing => ({
  api,
  ask: (request) => askOf(api, person, (id) => request(segment(id), id)),
  now,
});
