/** SHA-256 of a text, in lower-case hex. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Templates give text; vendors sum up `value` and want a number. Other properties are as the school wrote them. */
export function withNumericValue(properties: Record<string, unknown>): Record<string, unknown> {
  const { value } = properties;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value.trim())
    ? { ...properties, value: Number(value) }
    : properties;
}
