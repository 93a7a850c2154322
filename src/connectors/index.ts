export { destinationOf } from "./calling/destination";
export { faultsOfHosts, hostsIn } from "./calling/hosts";
export {
  type Finding,
  type LmsCourse,
  type LmsEnrolment,
  LmsError,
  type LmsPage,
  type LmsPerson,
  type LmsPort,
  type LmsReads,
} from "./lms/port";
export type { Parcel, SendResult } from "./ports";
export { connectors } from "./registry";
export { open, type SealPlace, seal, sealAnew } from "./secrets/sealed";
export { derivedWebhookSecret, newWebhookSecret } from "./secrets/signed";
export { type AdmitFor, callSigned, checkConnection, type Sender, send, toolsFor } from "./send";
export {
  type ConnectorSecrets,
  type ConnectorSettings,
  connectorFor,
  connectorSettings,
  lmsOf,
  looksToldIn,
  secretPaths,
  secretsToAsk,
  setUpIn,
  splitSecrets,
  stillOffered,
  type Way,
  ways,
  withSecrets,
} from "./settings";
export { readUnsubscribeToken, UNSUBSCRIBE } from "./vendors/unsubscribe";
