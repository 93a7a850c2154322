import type { ChannelName } from "../catalogue/channels";
import type { Traced } from "./identity";

/* One outgoing message, call or change, and what became of it. JSON. */

export const DELIVERY_STATUSES = ["queued", "sent", "captured", "not_sent", "failed", "suppressed"] as const;
type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

interface Attempt {
  at: number;
  ok: boolean;
  code?: number;
  error?: string;
  /** Of one that failed: when the next one is made, real time, ms. */
  nextAt?: number;
}

export interface Delivery extends Traced {
  id: string;
  run: string;
  automation: string;
  step: string;
  /** Of what a step in a `repeat` made: its round. */
  round?: number;
  channel: ChannelName;
  status: DeliveryStatus;
  reason?: string;
  /** Of a mail that waits for quiet hours or the cap: until when, by the school's clock. */
  waitsUntil?: number;
  to: string[];
  content: Record<string, unknown>;
  attempts: Attempt[];
  /** Of a mail that is tracked: when it was first opened, and when a link in it was first followed. */
  openedAt?: number;
  clickedAt?: number;
  key: string;
  createdAt: number;
}
