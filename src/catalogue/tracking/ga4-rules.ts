import { isRecord } from "../../definition/types";

/*
 * What Google Analytics 4 drops without a word: the Measurement Protocol answers 204 to everything.
 */

const RESERVED = new Set([
  ...["ad_activeview", "ad_click", "ad_exposure", "ad_query", "ad_reward", "adunit_exposure", "app_background"],
  ...["app_clear_data", "app_exception", "app_install", "app_remove", "app_store_refund", "app_update", "app_upgrade"],
  ...["app_store_subscription_cancel", "app_store_subscription_convert", "app_store_subscription_renew"],
  ...["dynamic_link_app_open", "dynamic_link_app_update", "dynamic_link_first_open", "error", "firebase_campaign"],
  ...["first_open", "first_visit", "in_app_purchase", "os_update", "user_engagement"],
  ...["notification_dismiss", "notification_foreground", "notification_open", "notification_receive"],
  ...["notification_send", "session_start", "session_start_with_rollout"],
]);
const PREFIX = /^(_|firebase_|ga_|google_|gtag\.)/i;
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const MAX_NAME = 40;
const MAX_PARAMETERS = 25;
const MAX_VALUE = 100;
/** Parameters that may say more. */
const LONGER = new Map([
  ["page_location", 1_000],
  ["page_referrer", 420],
  ["page_title", 300],
]);
/** What a template will say is not known yet. */
const isTemplate = (text: string): boolean => /\{[{%]/.test(text);

function faultOfParameter(name: string, value: unknown): string[] {
  const faults: string[] = [];
  const told = `the parameter ${JSON.stringify(name.slice(0, MAX_NAME + 1))}`;
  if (PREFIX.test(name)) faults.push(`${told} begins as those of Google's own do`);
  else if (!NAME.test(name)) faults.push(`${told} is not letters, digits and _, a letter first`);
  if (name.length > MAX_NAME) faults.push(`${told} has more than ${MAX_NAME} characters`);
  const max = LONGER.get(name) ?? MAX_VALUE;
  if (typeof value === "string" && !isTemplate(value) && [...value].length > max)
    faults.push(`${told} says more than ${max} characters`);
  if (name !== "items" && (Array.isArray(value) || isRecord(value)))
    faults.push(`${told} is neither a text nor a number`);
  return faults;
}

/** What of an event Google Analytics would drop, in words. */
export function ga4Faults({ name, params }: { name: string; params: Record<string, unknown> }): string[] {
  const count = Object.keys(params).length;
  return [
    ...(RESERVED.has(name.toLowerCase()) ? [`the name ${name} is reserved`] : []),
    ...(PREFIX.test(name) ? [`the name ${name} begins as those of Google's own do`] : []),
    ...(count > MAX_PARAMETERS ? [`it takes ${MAX_PARAMETERS} parameters, and these are ${count}`] : []),
    ...Object.entries(params).flatMap(([parameter, value]) => faultOfParameter(parameter, value)),
  ];
}
