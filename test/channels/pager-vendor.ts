import { z } from "zod";
import type { ChannelName } from "../../src/catalogue/channels";
import { callVendor, judgeVendor } from "../../src/connectors/calling/http";
import { secret } from "../../src/connectors/options";
import { defineConnector } from "../../src/connectors/ports";

export const pagerByRadio = defineConnector({
  name: "radio",
  // In the list of channels where the test has put it, which the types cannot see.
  channel: "pager" as ChannelName,
  label: "Radio",
  description: "Wakes by radio.",
  settings: z.strictObject({ tower: z.string(), call_sign: secret() }),
  host: ({ tower }) => tower,
  send: async (parcel, settings, tools) =>
    judgeVendor(
      await callVendor(tools, settings.tower, {
        headers: { authorization: `Radio ${settings.call_sign}` },
        body: JSON.stringify({ key: parcel.key, ...parcel.content }),
      }),
    ),
});
