export type { Channel, Connector, Parcel, Sending, Tools } from "./ports";
export { connectors } from "./registry";
export { open, type Place, seal } from "./sealed";
export {
  type ConnectorSecrets,
  type ConnectorSettings,
  connectorFor,
  connectorSettings,
  secretPaths,
  splitSecrets,
  stillOffered,
  withSecrets,
} from "./settings";
export { webhookSecrets } from "./signed";
export { readUnsubscribeToken, unsubscribeToken } from "./vendors/unsubscribe";
